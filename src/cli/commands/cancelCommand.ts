import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import { cancel } from '../../operations/cancel.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { parseBillId } from '../arguments.ts';
import { countingBills } from '../billCounter.ts';
import { readNamedBills } from '../billFile.ts';
import { numberOf, numbersOfNamed } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import {
  addBillOptions,
  addMonthOption,
  printChange,
  requireOption,
  type SelectionOptions,
} from '../selectionOptions.ts';

interface CancelOptions extends SelectionOptions {
  readonly reason?: string;
  readonly replacedBy?: BillId;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineCancel(command: Command): void {
  addUsage(command, {
    examples: [
      ['cancel --bill 42 --replaced-by 43', 'bill 43 goes out instead of bill 42'],
      ['cancel --month 2026-11 --reason "wrong prices" --dry-run', 'count what can still be cancelled'],
    ],
  });
  command.description('Cancels bills that are not handed to a provider yet, for good.');
  addMonthOption(addBillOptions(command))
    .option('--reason <text>', 'why, for the journal; no personal data')
    .option('--replaced-by <id>', 'the corrected bill that is sent instead of the one bill', parseBillId)
    .option('--dry-run', 'only count the bills')
    .addOption(jsonOption())
    .action(runCancel);
}

async function runCancel(options: CancelOptions): Promise<void> {
  const { bill, file, month, reason, replacedBy, dryRun = false } = options;
  requireOption(options, ['bill', 'file', 'month']);
  if (replacedBy !== undefined && (bill?.length !== 1 || file !== undefined)) {
    throw new BillcastError('USAGE', '--replaced-by needs just one --bill');
  }
  const named = await readNamedBills(options);
  await withSystem(async (system) => {
    const { database } = system;
    const { repeated } = named;
    const billIds = await numbersOfNamed(system, named.billIds);
    const replacement = replacedBy && (await numberOf(system, replacedBy));
    const request = { selection: { billIds, month }, actor: personAtTerminal(), reason, replacement, dryRun };
    const facts = await recordAccess(database, { what: 'cancel', billIds, reason, dryRun }, () =>
      countingBills('bills looked at', (onProgress) => cancel({ database }, { ...request, onProgress })),
    );
    printChange(await showTheirIds(system, { ...facts, ...repeated }), options);
  });
}
