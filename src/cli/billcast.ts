#!/usr/bin/env node
import { CommanderError } from 'commander';
import { BillcastError } from '../errors.ts';
import { createProgram } from './program.ts';

/** Happens with `billcast status | head -2`: nobody reads any more, so there is nothing left to print. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  await reportError(error);
  process.exitCode = 1;
}

/** Prints one sentence for an error that the user can fix, and the stack for one that only we can. */
async function reportError(thrown: unknown): Promise<void> {
  if (thrown instanceof CommanderError) return;
  const { clearDatabaseError } = await import('../db/clearError.ts');
  const error = clearDatabaseError(thrown) ?? thrown;
  if (error instanceof BillcastError) {
    process.stderr.write(`billcast: ${error.message} [${error.code}]${causeOf(error)}\n`);
  } else {
    process.stderr.write(`billcast: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

function causeOf({ cause }: BillcastError): string {
  return cause instanceof Error ? `\n  because: ${cause.message}` : '';
}
