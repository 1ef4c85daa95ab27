#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { clearDatabaseError } from '../db/clearError.ts';
import { BillcastError } from '../errors.ts';
import { addBench } from './verbs/bench.ts';
import { addBounce } from './verbs/bounce.ts';
import { addCancel } from './verbs/cancel.ts';
import { addChaos } from './verbs/chaos.ts';
import { addClose } from './verbs/close.ts';
import { addDoctor } from './verbs/doctor.ts';
import { addEmbedded } from './verbs/embedded.ts';
import { addExplain } from './verbs/explain.ts';
import { addGateway } from './verbs/gateway.ts';
import { addMigrate } from './verbs/migrate.ts';
import { addPause } from './verbs/pause.ts';
import { addPreview } from './verbs/preview.ts';
import { addPublish } from './verbs/publish.ts';
import { addPurge } from './verbs/purge.ts';
import { addResend } from './verbs/resend.ts';
import { addResolve } from './verbs/resolve.ts';
import { addResume } from './verbs/resume.ts';
import { addRetry } from './verbs/retry.ts';
import { addSeed } from './verbs/seed.ts';
import { addStart } from './verbs/start.ts';
import { addStatus } from './verbs/status.ts';
import { addSweep } from './verbs/sweep.ts';
import { addVerify } from './verbs/verify.ts';

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
const report = (thrown: unknown): void => {
  if (thrown instanceof CommanderError) return;
  const error = clearDatabaseError(thrown) ?? thrown;
  if (error instanceof BillcastError)
    process.stderr.write(`billcast: ${error.message} [${error.code}]${because(error)}\n`);
  else process.stderr.write(`billcast: ${error instanceof Error ? error.stack : String(error)}\n`);
};

const because = ({ cause }: BillcastError): string =>
  cause instanceof Error ? `\n  because: ${cause.message}` : '';

program.parseAsync().catch((error: unknown) => {
  report(error);
  process.exitCode = 1;
});
