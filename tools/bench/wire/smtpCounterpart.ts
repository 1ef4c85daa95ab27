import { createServer, type Socket } from 'node:net';
import { createDelay, serveCounterpart } from './counterpart.ts';

/*
 * A mail server that accepts everything after a delay and keeps nothing, as Postfix's smtp-sink does.
 *
 * node tools/bench/wire/smtpCounterpart.ts <delay in ms>
 */

const endOfMessage = '\r\n.\r\n';
const extensions = '250-bench\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';

const afterDelay = createDelay(Number(process.argv[2]));

serveCounterpart(
  createServer({ noDelay: true }, (socket) => {
    let isMessage = false;
    let tail = '';
    socket.write('220 bench\r\n');
    socket.on('data', (chunk: Buffer) => {
      if (!isMessage) {
        isMessage = answerCommands(socket, chunk.toString('latin1'));
        tail = '';
        return;
      }
      tail = (tail + chunk.toString('latin1', chunk.length - endOfMessage.length)).slice(
        -endOfMessage.length,
      );
      if (tail !== endOfMessage) return;
      isMessage = false;
      afterDelay(() => socket.write('250 taken\r\n'));
    });
  }),
);

/** @returns whether a message comes next */
function answerCommands(socket: Socket, text: string): boolean {
  const commands = text.split('\r\n').filter((line) => line !== '');
  socket.write(commands.map(replyTo).join(''));
  const last = commands.at(-1);
  if (last === 'QUIT') socket.end();
  return last === 'DATA';
}

function replyTo(command: string): string {
  if (command.startsWith('EHLO')) return extensions;
  if (command === 'DATA') return '354 go ahead\r\n';
  return command === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
}
