import type { Command } from 'commander';
import { sweepNow } from '../../operations/sweepNow.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withKafka, withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

export function defineSweep(command: Command): void {
  addUsage(command, {
    examples: [['sweep', 'run one sweep now']],
  });
  command
    .description(
      'Takes back what dead dispatchers held, and asks the providers for receipts and about bills in doubt. ' +
        'Dispatchers do so regularly; this does it once, now.',
    )
    .addOption(jsonOption())
    .action((options: { json?: boolean }) =>
      withSystem(async (system) => {
        const deps = await withKafka(system);
        printFacts(await recordAccess(system.database, { what: 'sweep' }, () => sweepNow(deps)), options);
      }),
    );
}
