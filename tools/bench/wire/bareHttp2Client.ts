import { connect } from 'node:http2';
import type { BareClient } from './bareClient.ts';

/*
 * The least that a client can do over Node's HTTP/2: a stream per message, as many on each connection as the
 * product opens, and whatever ends the stream is taken for the answer. It must never send a bill.
 */

/** More on one connection, and Node's server resets some. */
const streamsEach = 250;

/** The same request as the product's, with at most as many streams at a time. */
export function createBareHttp2Client(target: URL, streams: number): BareClient {
  const sessions = Array.from({ length: Math.ceil(streams / streamsEach) }, () => connect(target));
  const head = { ':method': 'POST', ':path': target.pathname, 'content-type': 'application/json' };
  const waiting: Sending[] = [];
  let open = 0;

  // In turn: all answers take as long, so that each connection has about as many.
  let turn = 0;
  const start = ({ key, body, answered }: Sending): void => {
    open++;
    const session = sessions[turn++ % sessions.length];
    if (session === undefined) throw new RangeError('no stream is allowed');
    const stream = session.request({
      ...head,
      'idempotency-key': key,
      'send-before': String(Date.now()),
      'content-length': String(body.length),
    });
    stream.end(body);
    stream.resume();
    stream.once('end', () => {
      open--;
      const next = waiting.shift();
      if (next !== undefined) start(next);
      answered();
    });
  };
  return {
    send(key, body, answered) {
      const sending = { key, body, answered };
      if (open < streams) start(sending);
      else waiting.push(sending);
    },
  };
}

interface Sending {
  readonly key: string;
  readonly body: Uint8Array;
  readonly answered: () => void;
}
