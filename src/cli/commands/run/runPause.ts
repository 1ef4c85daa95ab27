import type { Command } from 'commander';
import { pauseRun } from '../../../operations/runs/steerRun.ts';
import { addUsage } from '../../commandUsage.ts';
import { addSteering } from './steering.ts';

export function defineRunPause(command: Command): void {
  addUsage(command, {
    examples: [['run pause 2026-11 --reason "wrong due date"', 'release nothing more of it']],
  });
  addSteering(
    command
      .description(
        'release nothing more of a run; what is released goes out: `billcast pause` stops that too',
      )
      .requiredOption('--reason <text>', 'why; kept with the run'),
    {
      what: 'pauseRun',
      work: (deps, request) => pauseRun(deps, { ...request, reason: request.reason ?? '' }),
    },
  );
}
