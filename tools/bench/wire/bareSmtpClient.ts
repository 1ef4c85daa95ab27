import { connect, type Socket } from 'node:net';
import type { BareClient } from './bareClient.ts';

/*
 * The least that a mail client can do: the envelope and DATA in one write, the message after the 354, and
 * whatever comes back for the reply to the dot. It must never send a bill.
 */

const envelope = 'MAIL FROM:<bill@bench.invalid>\r\nRCPT TO:<member@bench.invalid>\r\nDATA\r\n';
const dot = '\r\n.\r\n';

/** Sends to one relay without TLS, on at most as many connections. */
export function createBareSmtpClient({ host, port }: Target, connections: number): BareClient {
  const idle: Wire[] = [];
  const waiting: Sending[] = [];
  let opened = 0;

  const open = (): void => {
    opened++;
    const wire: Wire = {
      socket: connect({ host, port, noDelay: true }),
      expects: 'greeting',
      sending: undefined,
    };
    wire.socket.on('data', (chunk: Buffer) => hear(wire, chunk.toString('latin1')));
  };
  const hear = (wire: Wire, text: string): void => {
    if (!text.includes(replies[wire.expects])) return;
    switch (wire.expects) {
      case 'greeting':
        wire.expects = 'welcome';
        wire.socket.write('EHLO bench\r\n');
        return;
      case 'goAhead':
        wire.expects = 'taken';
        wire.socket.cork();
        wire.socket.write(wire.sending?.body ?? '');
        wire.socket.write(dot);
        wire.socket.uncork();
        return;
      case 'welcome':
      case 'taken':
        wire.sending?.answered();
        wire.sending = undefined;
        next(wire);
        return;
      default:
        wire.expects satisfies never;
    }
  };
  const next = (wire: Wire): void => {
    wire.sending = waiting.shift();
    if (wire.sending === undefined) idle.push(wire);
    else begin(wire);
  };
  const begin = (wire: Wire): void => {
    wire.expects = 'goAhead';
    wire.socket.write(envelope);
  };
  return {
    send(_key, body, answered) {
      const wire = idle.pop();
      if (wire === undefined) {
        waiting.push({ body, answered });
        if (opened < connections) open();
      } else {
        wire.sending = { body, answered };
        begin(wire);
      }
    },
  };
}

interface Target {
  readonly host: string;
  readonly port: number;
}

interface Sending {
  readonly body: Uint8Array;
  readonly answered: () => void;
}

const replies = { greeting: '220', welcome: '250 ', goAhead: '354', taken: '250' } as const;

interface Wire {
  readonly socket: Socket;
  expects: keyof typeof replies;
  sending: Sending | undefined;
}
