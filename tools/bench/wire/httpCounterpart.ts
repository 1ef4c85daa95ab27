import { createServer } from 'node:net';
import { createDelay, serveCounterpart } from './counterpart.ts';

/*
 * The other side of the wire: takes POSTs on any number of connections, one at a time on each, and accepts
 * each after a delay. It parses no more than it must, keeps nothing, and so costs as little of the machine
 * as we know how: `billcast gateway` parses every bill and writes a ledger, and takes several times as much.
 *
 * node tools/bench/wire/httpCounterpart.ts <delay in ms>
 */

const body = '{"id":"1"}';
const answer =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: Sat, 28 Nov 2026 12:00:00 GMT\r\n' +
  `content-length: ${body.length}\r\n\r\n${body}`;
const endOfHead = '\r\n\r\n';

const afterDelay = createDelay(Number(process.argv[2]));

serveCounterpart(
  createServer({ noDelay: true }, (socket) => {
    let left = 0;
    const accept = (): void => void socket.write(answer, 'latin1');
    socket.on('data', (chunk: Buffer) => {
      left = left === 0 ? leftAfterHead(chunk) : left - chunk.length;
      if (left === 0) afterDelay(accept);
    });
  }),
);

/** The head of these small requests is never cut in two. */
function leftAfterHead(chunk: Buffer): number {
  const end = chunk.indexOf(endOfHead);
  const [, length] = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, end)) ?? [];
  return Number(length) - (chunk.length - end - endOfHead.length);
}
