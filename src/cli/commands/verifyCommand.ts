import type { Command } from 'commander';
import { readVerdict } from '../../operations/readFacts.ts';
import { parseMonth } from '../arguments.ts';
import { printFacts, withReadOnlySystem } from '../system.ts';

interface VerifyOptions {
  month?: string;
  ledger?: readonly string[];
  json?: boolean;
}

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description(
      "account for every bill and compare with the providers' ledgers; exit 1 if any is lost or duplicated",
    )
    .option('--month <YYYY-MM>', 'only the bills of this month, whatever else the ledgers hold', parseMonth)
    .option(
      '--ledger <file...>',
      'what the providers accepted, one acceptance per line; several are put together (default: the simulated ones’)',
    )
    .option('--json', 'print the facts as one line of JSON')
    .action(({ month, ledger, json }: VerifyOptions) =>
      withReadOnlySystem(async (system) => {
        const verdict = await readVerdict(system, { month, ledgerFiles: ledger });
        printFacts(verdict, { json });
        if (verdict.lost > 0 || (verdict.duplicated ?? 0) > 0) process.exitCode = 1;
      }),
    );
}
