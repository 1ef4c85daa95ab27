import { createInterface } from 'node:readline/promises';
import { BillcastError } from '../errors.ts';

/**
 * Asks the person at the terminal on standard error, because standard output holds facts only.
 * @param yes whether `--yes` was given
 * @throws BillcastError USAGE if nobody can be asked
 */
export async function confirm(
  question: string,
  { yes = false }: { yes?: boolean | undefined },
): Promise<boolean> {
  if (yes) {
    return true;
  }
  if (!process.stdin.isTTY) {
    throw new BillcastError(
      'USAGE',
      `${question} Add --yes: this is not a terminal, so nobody can be asked.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
