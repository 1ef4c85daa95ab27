import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** The replies of the server, each without its line break. */
export interface SmtpReplies {
  readonly greeting: string;
  readonly ehlo: string;
  readonly mail: string;
  readonly rcpt: string;
  readonly data: string;
  /** The reply to the final dot. */
  readonly message: string;
  readonly rset: string;
}

export const politeReplies: SmtpReplies = {
  greeting: '220 mx.test ESMTP',
  ehlo: '250-mx.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8',
  mail: '250 2.1.0 Ok',
  rcpt: '250 2.1.5 Ok',
  data: '354 End data with <CR><LF>.<CR><LF>',
  message: '250 2.0.0 Ok: queued as Q1W2E3',
  rset: '250 2.0.0 Ok',
};

export interface RawSmtpOptions {
  readonly replies?: Partial<SmtpReplies>;
  /** Chosen per message by the recipient; else `replies`. */
  readonly repliesFor?: (to: string) => Partial<SmtpReplies>;
  /** A connection ends when so many bytes of the client are read, or so many of the replies are written. */
  readonly cut?: { readonly after: number; readonly of: 'received' | 'sent' };
  /** When so many bytes of the replies are written, the next ones follow some milliseconds later. */
  readonly pauseAfter?: number;
  /** How long the reply to the dot takes; undefined: there is none. */
  readonly messageDelayMs?: (to: string) => number | undefined;
  /** Closes a connection after so many messages, without a word. */
  readonly messagesPerConnection?: number;
}

export interface AcceptedMail {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export interface RawSmtp {
  readonly port: number;
  /** The messages that it has accepted, noted before it says so. */
  readonly accepted: AcceptedMail[];
  /** All lines of commands, of all connections. */
  readonly commands: string[];
  connections(): number;
  close(): Promise<void>;
}

/** A mail server over raw sockets that can be cut at any byte, and says what a test wants. */
export async function startRawSmtp(options: RawSmtpOptions = {}): Promise<RawSmtp> {
  const accepted: AcceptedMail[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    new SmtpTalk(socket, options, { accepted, commands });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    accepted,
    commands,
    connections: () => count,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One connection. */
class SmtpTalk {
  readonly #socket: Socket;
  readonly #options: RawSmtpOptions;
  readonly #records: Pick<RawSmtp, 'accepted' | 'commands'>;
  #received = 0;
  #sent = 0;
  #text = '';
  #from = '';
  #to = '';
  #inData = false;
  #messages = 0;
  /** What is written after the pause. */
  #held: Buffer[] | undefined;

  constructor(socket: Socket, options: RawSmtpOptions, records: Pick<RawSmtp, 'accepted' | 'commands'>) {
    this.#socket = socket;
    this.#options = options;
    this.#records = records;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    this.#say('greeting');
  }

  #read(bytes: Buffer): void {
    const { cut } = this.#options;
    const room = cut?.of === 'received' ? cut.after - this.#received : Number.POSITIVE_INFINITY;
    this.#text += bytes.subarray(0, Math.min(room, bytes.length)).toString('latin1');
    this.#received += bytes.length;
    for (let next = this.#take(); next !== undefined; next = this.#take()) this.#answer(next);
    if (bytes.length >= room) this.#socket.resetAndDestroy();
  }

  /** The next command, or the whole message. */
  #take(): string | undefined {
    const end = this.#inData ? '\r\n.\r\n' : '\r\n';
    const at = this.#text.indexOf(end);
    if (at < 0 || this.#socket.destroyed) return undefined;
    const taken = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + end.length);
    return taken;
  }

  #answer(line: string): void {
    if (this.#inData) {
      this.#inData = false;
      this.#endMessage(line);
      return;
    }
    this.#records.commands.push(line);
    const [verb = ''] = line.toUpperCase().split(' ', 1);
    if (verb === 'EHLO') this.#say('ehlo');
    else if (verb === 'MAIL') {
      this.#from = addressIn(line);
      this.#say('mail');
    } else if (verb === 'RCPT') {
      this.#to = addressIn(line);
      this.#say('rcpt');
    } else if (verb === 'DATA') {
      // As servers do without a valid recipient.
      const isReady = /^2/.test(this.#reply('mail')) && /^2/.test(this.#reply('rcpt'));
      this.#inData = isReady && this.#reply('data').startsWith('354');
      if (isReady) this.#say('data');
      else this.#write('503 5.5.1 no valid recipients');
    } else if (verb === 'RSET') this.#say('rset');
    else if (verb === 'QUIT') {
      this.#write('221 2.0.0 Bye');
      this.#socket.end();
    } else this.#write('500 5.5.2 what?');
  }

  #endMessage(text: string): void {
    const { messageDelayMs, messagesPerConnection } = this.#options;
    const mail = { from: this.#from, to: this.#to, text };
    const reply = this.#reply('message');
    const delayMs = messageDelayMs === undefined ? 0 : messageDelayMs(mail.to);
    const take = (): void => {
      if (reply.startsWith('2')) this.#records.accepted.push(mail);
      this.#write(reply);
      if (++this.#messages === messagesPerConnection) this.#socket.end();
    };
    if (delayMs === 0) take();
    else if (delayMs !== undefined) setTimeout(take, delayMs);
    else if (reply.startsWith('2')) this.#records.accepted.push(mail);
  }

  #reply(step: keyof SmtpReplies): string {
    const { replies, repliesFor } = this.#options;
    return repliesFor?.(this.#to)[step] ?? replies?.[step] ?? politeReplies[step];
  }

  #say(step: keyof SmtpReplies): void {
    const reply = this.#reply(step);
    if (reply !== '') this.#write(reply);
  }

  #write(reply: string): void {
    const bytes = Buffer.from(`${reply}\r\n`);
    const { cut } = this.#options;
    const room = cut?.of === 'sent' ? cut.after - this.#sent : Number.POSITIVE_INFINITY;
    this.#sent += bytes.length;
    if (bytes.length < room) {
      this.#writeWithPause(bytes, this.#sent - bytes.length);
    } else {
      // A reset would drop what was written, so the connection is closed behind it.
      this.#socket.end(bytes.subarray(0, room));
      this.#socket.pause();
    }
  }

  #writeWithPause(bytes: Buffer, sentBefore: number): void {
    const { pauseAfter = -1 } = this.#options;
    const room = pauseAfter - sentBefore;
    if (this.#held !== undefined) {
      this.#held.push(bytes);
    } else if (room < 0 || room >= bytes.length) {
      this.#socket.write(bytes);
    } else {
      this.#socket.write(bytes.subarray(0, room));
      this.#held = [bytes.subarray(room)];
      setTimeout(() => {
        this.#socket.write(Buffer.concat(this.#held ?? []));
        this.#held = undefined;
      }, pauseMs);
    }
  }
}

const pauseMs = 3;

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
