import type { Command } from 'commander';
import { closeRun } from '../../../operations/runs/steerRun.ts';
import { addUsage } from '../../commandUsage.ts';
import { addSteering } from './steering.ts';

export function defineRunClose(command: Command): void {
  addUsage(command, {
    examples: [
      ['run close 2026-11-2 --reason "made by mistake"', 'throw a draft away'],
      ['run close 2026-11', 'end a paused run: the rest stays held; again, to close it'],
    ],
  });
  addSteering(
    command
      .description('throw a draft away, end a paused run, or close one that is done')
      .option('--reason <text>', 'why; kept with the run'),
    { what: 'closeRun', work: closeRun },
  );
}
