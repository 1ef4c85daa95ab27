import type { Command } from 'commander';
import { pause } from '../../operations/pause.ts';
import { addUsage } from '../commandUsage.ts';
import { withSystem } from '../openSystem.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { printSwitches } from '../switchLines.ts';

interface PauseOptions {
  readonly reason?: string;
  readonly json?: boolean;
}

export function definePause(command: Command): void {
  addUsage(command, {
    examples: [['pause --reason "provider maintenance"', 'stop the whole cluster within 2 s']],
  });
  command
    .description(
      'Pauses the whole cluster: dispatchers finish what is handed off to a provider and start nothing more.',
    )
    .option('--reason <text>', 'why; no personal data')
    .option('--json', 'print the facts as one line of JSON')
    .action(({ reason, json }: PauseOptions) =>
      withSystem(async ({ database, config: { timeZone } }) =>
        printSwitches(await pause({ database }, { actor: personAtTerminal(), reason }), { json, timeZone }),
      ),
    );
}
