import type { Command } from 'commander';
import { resumeRun } from '../../../operations/runs/steerRun.ts';
import { addUsage } from '../../commandUsage.ts';
import { addSteering } from './steering.ts';

export function defineRunResume(command: Command): void {
  addUsage(command, {
    examples: [
      ['run resume 2026-11', 'release on, also after a canary that waits for a person'],
      ['run resume 2026-11 --reason "known addresses"', 'although a gate holds it'],
    ],
  });
  addSteering(
    command
      .description('release on; with a reason, although a gate holds the run')
      .option('--reason <text>', 'why; needed to overrule a gate'),
    { what: 'resumeRun', work: resumeRun },
  );
}
