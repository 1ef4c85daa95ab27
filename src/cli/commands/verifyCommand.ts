import type { Command } from 'commander';
import { verify } from '../../operations/verify.ts';
import { parseMonth } from '../arguments.ts';
import { countingBills } from '../billCounter.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withKafka, withReadOnlySystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';

interface VerifyOptions {
  readonly month?: string;
  readonly ledger?: readonly string[];
  readonly json?: boolean;
}

export function defineVerify(command: Command): void {
  addUsage(command, {
    examples: [
      ['verify --month 2026-11', 'account for one month'],
      ['verify --ledger email.jsonl --ledger sms.jsonl', 'compare with what two providers accepted'],
    ],
    exitsWith1: 'a bill is lost or was sent twice',
  });
  command
    .description("Accounts for every bill and compares the result with the providers' ledgers.")
    .option('--month <YYYY-MM>', 'only the bills of this month, even if the ledgers hold others', parseMonth)
    .option(
      '--ledger <file...>',
      "what the providers accepted, one acceptance per line (default: the simulated providers' ledger)",
    )
    .addOption(jsonOption())
    .action(({ month, ledger, json }: VerifyOptions) =>
      withReadOnlySystem(async (system) => {
        const deps = await withKafka(system);
        const verdict = await countingBills('bills compared', (onProgress) =>
          verify(deps, { month, ledgerFiles: ledger, onProgress }),
        );
        printFacts(verdict, { json });
        if (verdict.lost > 0 || (verdict.duplicated ?? 0) > 0) process.exitCode = 1;
      }),
    );
}
