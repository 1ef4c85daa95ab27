import type { Command } from 'commander';
import { readVerdict } from '../facts.ts';
import { printFacts, withSystem } from '../system.ts';

interface VerifyOptions {
  ledger?: string;
  json?: boolean;
}

export const addVerify = (program: Command): void => {
  program
    .command('verify')
    .description(
      "account for every bill and compare with the provider's ledger; exit 1 if any is lost or doubled",
    )
    .option('--ledger <file>', "the provider's acceptances, a line each (default: the simulated provider's)")
    .option('--json', 'print the facts as one line of JSON')
    .action((options: VerifyOptions) =>
      withSystem(async (system) => {
        const verdict = await readVerdict(system, options.ledger);
        printFacts(verdict, options);
        if (verdict.lost > 0 || (verdict.duplicated ?? 0) > 0) process.exitCode = 1;
      }),
    );
};
