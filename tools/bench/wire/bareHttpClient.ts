import { connect, type Socket } from 'node:net';
import type { BareClient } from './bareClient.ts';

/*
 * The least that a client can do: it writes the bytes, takes whatever comes back for the answer, and watches,
 * parses and bounds nothing. It must never send a bill.
 */

/** The same request as the product's, on at most as many connections. */
export function createBareHttpClient(target: URL, connections: number): BareClient {
  const { hostname, port, host, pathname } = target;
  const head =
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n` +
    'content-type: application/json\r\n';
  const idle: Wire[] = [];
  const waiting: Sending[] = [];
  let opened = 0;

  const open = (): Wire => {
    opened++;
    const buffer = Buffer.allocUnsafe(4_096);
    const wire: Wire = {
      answered: undefined,
      socket: connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: { buffer, callback: () => answeredOn(wire) },
      }),
    };
    return wire;
  };
  const start = (wire: Wire, { key, body, answered }: Sending): void => {
    const { socket } = wire;
    wire.answered = answered;
    socket.cork();
    socket.write(
      `${head}idempotency-key: ${key}\r\nsend-before: ${Date.now()}\r\ncontent-length: ${body.length}\r\n\r\n`,
      'latin1',
    );
    socket.write(body);
    socket.uncork();
  };
  const answeredOn = (wire: Wire): boolean => {
    const { answered } = wire;
    const next = waiting.shift();
    if (next === undefined) idle.push(wire);
    else start(wire, next);
    answered?.();
    return true;
  };
  return {
    send(key, body, answered) {
      const sending = { key, body, answered };
      const wire = idle.pop() ?? (opened < connections ? open() : undefined);
      if (wire === undefined) waiting.push(sending);
      else start(wire, sending);
    },
  };
}

interface Sending {
  readonly key: string;
  readonly body: Uint8Array;
  readonly answered: () => void;
}

interface Wire {
  readonly socket: Socket;
  answered: (() => void) | undefined;
}
