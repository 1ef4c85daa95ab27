#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { clearDatabaseError } from '../db/clearError.ts';
import { BillcastError } from '../errors.ts';
import { addBench } from './commands/benchCommand.ts';
import { addBounce } from './commands/bounceCommand.ts';
import { addCancel } from './commands/cancelCommand.ts';
import { addChaos } from './commands/chaosCommand.ts';
import { addClose } from './commands/closeCommand.ts';
import { addDoctor } from './commands/doctorCommand.ts';
import { addEmbedded } from './commands/embeddedCommand.ts';
import { addExplain } from './commands/explainCommand.ts';
import { addGateway } from './commands/gatewayCommand.ts';
import { addMigrate } from './commands/migrateCommand.ts';
import { addPause } from './commands/pauseCommand.ts';
import { addPreview } from './commands/previewCommand.ts';
import { addPublish } from './commands/publishCommand.ts';
import { addPurge } from './commands/purgeCommand.ts';
import { addResend } from './commands/resendCommand.ts';
import { addResolve } from './commands/resolveCommand.ts';
import { addResume } from './commands/resumeCommand.ts';
import { addRetry } from './commands/retryCommand.ts';
import { addSeed } from './commands/seedCommand.ts';
import { addStart } from './commands/startCommand.ts';
import { addStatus } from './commands/statusCommand.ts';
import { addSweep } from './commands/sweepCommand.ts';
import { addVerify } from './commands/verifyCommand.ts';

const program = new Command('billcast')
  .description("Sends a month's bills: by e-mail first, by SMS where it finally fails, and never twice.")
  .showHelpAfterError('(billcast <verb> --help tells more)');

addStart(program);
addSeed(program);
addPublish(program);
addStatus(program);
addVerify(program);
addExplain(program);
addPreview(program);
addRetry(program);
addResend(program);
addBounce(program);
addResolve(program);
addCancel(program);
addPause(program);
addResume(program);
addSweep(program);
addDoctor(program);
addMigrate(program);
addClose(program);
addPurge(program);
addEmbedded(program);
addGateway(program);
addChaos(program);
addBench(program);

/** `billcast status | head -2`: nobody reads on, so there is nothing left to say. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** One sentence for what the user can mend, the whole stack for what only we can. */
function report(thrown: unknown): void {
  if (thrown instanceof CommanderError) return;
  const error = clearDatabaseError(thrown) ?? thrown;
  if (error instanceof BillcastError) {
    process.stderr.write(`billcast: ${error.message} [${error.code}]${because(error)}\n`);
  } else {
    process.stderr.write(`billcast: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

function because({ cause }: BillcastError): string {
  return cause instanceof Error ? `\n  because: ${cause.message}` : '';
}

program.parseAsync().catch((error: unknown) => {
  report(error);
  process.exitCode = 1;
});
