import type { Command } from 'commander';
import { type BounceReport, bounce } from '../../operations/bounce.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { countingBills } from '../billCounter.ts';
import { type BillLine, readBillFile } from '../billFile.ts';
import { numbersOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { printChange } from '../selectionOptions.ts';

interface BounceOptions {
  readonly file: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineBounce(command: Command): void {
  addUsage(command, {
    examples: [
      ['bounce --file bounces.csv --dry-run', 'count the bills that would go by SMS'],
      ['bounce --file -', 'read the list from standard input'],
    ],
  });
  command
    .description(
      'Records e-mails that were accepted and came back. Their bills go by SMS, in the same cycle. ' +
        "A line has the bill's id, then the attempt's key or the provider's id (may be empty), " +
        'then the reason.',
    )
    .requiredOption('--file <path>', 'the list, as lines or CSV; - for stdin')
    .option('--dry-run', 'only count the bills')
    .addOption(jsonOption())
    .action(runBounce);
}

async function runBounce(options: BounceOptions): Promise<void> {
  const { file, dryRun = false } = options;
  const lines = await readBillFile(file);
  await withSystem(async (system) => {
    const { config, database } = system;
    const billIds = await numbersOf(
      system,
      lines.map(({ billId }) => billId),
    );
    const reports = lines.map((line, index) => reportOf({ ...line, billId: billIds[index] ?? line.billId }));
    const facts = await recordAccess(database, { what: 'bounce', billIds, dryRun }, () =>
      countingBills('bills looked at', (onProgress) =>
        bounce({ config, database }, { reports, actor: personAtTerminal(), dryRun, onProgress }),
      ),
    );
    printChange(await showTheirIds(system, facts), options);
    if (facts.turnedToSms > 0) await noteHindrances({ config, database });
  });
}

function reportOf({ billId, cells: [attempt = '', reason = ''] }: BillLine): BounceReport {
  return {
    billId,
    attempt: attempt === '' ? undefined : attempt,
    reason: reason === '' ? undefined : reason,
  };
}
