import { createServer } from 'node:http2';
import { createDelay, serveCounterpart } from './counterpart.ts';

/*
 * The other side of the wire in HTTP/2 without TLS: takes POSTs as streams of any number of connections, and
 * accepts each after a delay. Node's server is what we have: it costs more than the one for HTTP/1.1.
 *
 * node tools/bench/wire/http2Counterpart.ts <delay in ms>
 */

const afterDelay = createDelay(Number(process.argv[2]));
const server = createServer();
server.on('stream', (stream) => {
  stream.on('error', () => undefined);
  stream.on('end', () =>
    afterDelay(() => {
      if (stream.destroyed) return;
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('{"id":"1"}');
    }),
  );
  stream.resume();
});

serveCounterpart(server);
