import type { Command } from 'commander';
import { counted } from '../../lib/counted.ts';
import { listDispatchers } from '../../operations/listDispatchers.ts';
import { type ChangedSwitches, pause } from '../../operations/pause.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
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
      'Pauses the whole cluster within 2 s. What is handed to a provider is finished, what is only ' +
        'claimed goes back to PENDING, and nothing more is started until `billcast resume`.',
    )
    .option('--reason <text>', 'why; no personal data')
    .addOption(jsonOption())
    .action((options: PauseOptions) => withSystem((system) => runPause(system, options)));
}

async function runPause(system: System, { reason, json }: PauseOptions): Promise<void> {
  const facts = await recordAccess(system.database, { what: 'pause', reason }, () =>
    pause(system, { actor: personAtTerminal(), reason }),
  );
  printSwitches(facts, { json, timeZone: system.config.timeZone });
  await noteWorkInHand(system, facts);
}

/** Notes what happens to bills that dispatchers hold at this moment. */
async function noteWorkInHand(system: System, { changed }: ChangedSwitches): Promise<void> {
  if (!changed) {
    printNote('It was paused already; the first pause stays.');
    return;
  }
  const alive = (await listDispatchers(system)).items.filter((dispatcher) => dispatcher.alive);
  const bills = alive.reduce((sum, dispatcher) => sum + dispatcher.bills, 0);
  printNote(
    alive.length === 0
      ? 'No dispatcher is running. Those that start now wait until `billcast resume`.'
      : `The dispatchers hold ${counted(bills, 'bill')}: those handed to a provider are finished, the ` +
          'others go back to PENDING. Nothing more is started until `billcast resume`.',
  );
}
