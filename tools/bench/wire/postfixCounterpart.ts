import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../system/freePort.ts';
import { postfixProgram } from './postfix.ts';

/*
 * Postfix's smtp-sink on a free port. Says `{ port, pid }`, and ends with it at SIGTERM.
 *
 * POSTFIX_SBIN=<folder> node tools/bench/wire/postfixCounterpart.ts
 */

const backlog = 256;

const port = await freePort();
const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
const sink = spawn(postfixProgram('smtp-sink'), [...asUser, `127.0.0.1:${port}`, `${backlog}`], {
  stdio: 'inherit',
});
sink.once('exit', () => process.exit(1));
process.once('SIGTERM', () => {
  sink.removeAllListeners('exit').once('exit', () => process.exit());
  sink.kill();
});
while (!(await listens(port))) await setTimeout(20);
process.send?.({ port, pid: sink.pid });

async function listens(onPort: number): Promise<boolean> {
  const socket = connect(onPort, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}
