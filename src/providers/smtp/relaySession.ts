import { connect as connectTcp, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import { brokenBy, type DialogueEnd, openingEnd, outOfStep, timedOut } from './dialogueEnd.ts';
import type { Envelope } from './envelope.ts';
import { MailDialogue } from './mailDialogue.ts';
import { type RelayExtensions, readExtensions } from './relayExtensions.ts';
import { type Relay, securityOf } from './relayUrl.ts';
import { ReplyReader } from './replyReader.ts';
import { tokenLogin } from './tokenLogin.ts';

export interface SessionOptions {
  readonly relay: Relay;
  /** The host name in EHLO; nodemailer's choice by default. */
  readonly name: string | undefined;
  readonly secureContext: SecureContext | undefined;
  /** Reads the token for XOAUTH2. */
  readonly nextToken: (() => Promise<string>) | undefined;
  /** The limit for everything up to the login. */
  readonly timeLimitMs: number;
}

export type Opening =
  | { readonly kind: 'opened'; readonly session: RelaySession }
  | { readonly kind: 'failed'; readonly end: DialogueEnd };

/** How long a relay may take to answer RSET and QUIT. */
const politeMs = 5_000;
/** Longer than every time limit of ours: nodemailer's would end a connection as if it had broken. */
const neverMs = 2 ** 31 - 1;

/**
 * One connection to a relay. nodemailer's `SMTPConnection` opens it: greeting, EHLO, TLS and login. From then
 * on the replies are read here, which costs a third of the CPU. States: opening, free, sending, closed. A
 * fault closes it. What is given up is reset, so that the kernel drops what has not left yet.
 */
export class RelaySession {
  readonly relay: Relay;
  messages = 0;
  readonly #tcp: Socket;
  readonly #connection: SMTPConnection;
  readonly #replies = new ReplyReader();
  #extensions = readExtensions('');
  #fault: SMTPError | undefined;
  #isClosed = false;
  /** The last one. */
  #dialogue: MailDialogue | undefined;
  /** Hears the next reply, if there is no dialogue. */
  #onReply: ((reply: string) => void) | undefined;
  #onEnd: (error?: SMTPError) => void = () => undefined;

  private constructor({ relay, name, secureContext }: SessionOptions) {
    this.relay = relay;
    const { host, port, tls } = relay;
    this.#tcp = connectTcp({ host, port, noDelay: true });
    this.#connection = new SMTPConnection({
      connection: this.#tcp,
      host,
      port,
      ...securityOf(tls, secureContext),
      ...(name === undefined ? {} : { name }),
      connectionTimeout: neverMs,
      greetingTimeout: neverMs,
      socketTimeout: neverMs,
      logger: false,
    });
    this.#connection.on('error', (error: SMTPError) => {
      this.#fault = error;
      this.#breakTcp();
    });
    this.#connection.on('end', () => {
      this.#isClosed = true;
      this.#onEnd(this.#fault);
      this.#dialogue?.breakOff(this.#fault ?? new Error('the relay closed the connection'));
    });
  }

  /** Connects, says EHLO, secures the connection and logs in. */
  static async open(options: SessionOptions): Promise<Opening> {
    const session = new RelaySession(options);
    const failure =
      (await session.#greet(options)) ?? (await session.#logIn(options)) ?? session.#openingRest();
    if (failure === undefined) {
      session.#takeOver();
      return { kind: 'opened', session };
    }
    session.reset();
    return { kind: 'failed', end: failure };
  }

  get extensions(): RelayExtensions {
    return this.#extensions;
  }

  get isEncrypted(): boolean {
    return this.#connection.secure;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @param listener called when the connection ends, whoever ended it */
  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** Sends one message. It has no time limit: `reset` ends it. */
  send(envelope: Envelope, message: Uint8Array): MailDialogue {
    this.messages++;
    const { pipelining } = this.#extensions;
    const bytesRead = (): number => this.#tcp.bytesRead;
    const dialogue = new MailDialogue({ socket: this.#socket, envelope, message, pipelining, bytesRead });
    this.#dialogue = dialogue;
    if (this.#isClosed) dialogue.breakOff(this.#fault);
    return dialogue;
  }

  /** Ends a transaction that the relay has refused. If that fails, the connection is closed. */
  forget(): Promise<void> {
    return new Promise((resolve) => {
      const end = (isDone: boolean): void => {
        clearTimeout(timer);
        this.#onReply = undefined;
        if (!isDone) this.reset();
        resolve();
      };
      const timer = setTimeout(() => end(false), politeMs);
      this.#onEnd = () => end(false);
      const readBefore = this.#tcp.bytesRead;
      this.#onReply = (reply) => end(reply.startsWith('2') && this.#tcp.bytesRead > readBefore);
      this.#socket.write('RSET\r\n');
    });
  }

  /** Whatever the relay says to it, the connection is closed then. */
  quit(): void {
    this.#socket.write('QUIT\r\n');
    setTimeout(() => this.reset(), politeMs).unref();
  }

  /** Breaks off the connection. */
  reset(): void {
    this.#dialogue?.breakOff(this.#fault);
    this.#breakTcp();
    this.#connection.close();
  }

  /** Encrypted, if the connection is. */
  get #socket(): Socket {
    const { _socket: socket } = this.#connection;
    return socket instanceof Socket ? socket : this.#tcp;
  }

  /** What nodemailer has of a further reply when all that it asked is answered. Whole ones it reports. */
  #openingRest(): DialogueEnd | undefined {
    return Reflect.get(this.#connection, '_remainder') === '' ? undefined : brokenBy(outOfStep());
  }

  #takeOver(): void {
    this.#socket.removeAllListeners('data').on('data', (bytes) => this.#hear(bytes));
  }

  #hear(bytes: Buffer): void {
    try {
      for (const reply of this.#replies.read(bytes)) this.#answer(reply);
      if (this.#replies.isWithin) this.#hearPart();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fault = error;
      this.reset();
    }
  }

  /** A reply to nothing that was asked is not waited for. */
  #hearPart(): void {
    if (this.#openDialogue !== undefined) this.#openDialogue.hearPart();
    else if (this.#onReply === undefined) this.#connection.close();
  }

  get #openDialogue(): MailDialogue | undefined {
    return this.#dialogue?.isOver === false ? this.#dialogue : undefined;
  }

  #answer(reply: string): void {
    const dialogue = this.#openDialogue;
    if (dialogue !== undefined) {
      dialogue.hear(reply);
      // It waits for a message that will not come.
      if (dialogue.isOver && reply.startsWith('354')) this.reset();
    } else if (this.#onReply !== undefined) {
      this.#onReply(reply);
    } else {
      // Nobody has asked: it closes an idle connection, or is out of step.
      this.#connection.close();
    }
    if (reply.startsWith('421')) this.#connection.close();
  }

  /**
   * Resets the connection. While it opens or ends it is destroyed instead: a reset would leave its handle
   * open, and the process could not exit.
   */
  #breakTcp(): void {
    const isEnding = this.#tcp.writableEnded || this.#socket.writableEnded;
    if (isEnding || this.#tcp.connecting) this.#tcp.destroy();
    else this.#tcp.resetAndDestroy();
  }

  #greet({ timeLimitMs }: SessionOptions): Promise<DialogueEnd | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(timedOut()), timeLimitMs);
      const end = (failure: DialogueEnd | undefined): void => {
        clearTimeout(timer);
        resolve(failure);
      };
      this.#tcp.on('error', (error) => end(brokenBy(error)));
      this.#onEnd = (error) => end(openingEnd(error));
      this.#tcp.once('connect', () => {
        this.#connection.connect((error) => {
          this.#extensions = readExtensions(String(this.#connection.lastServerResponse));
          end(error === undefined ? undefined : openingEnd(error));
        });
      });
    });
  }

  #logIn({ relay: { login }, nextToken, timeLimitMs }: SessionOptions): Promise<DialogueEnd | undefined> {
    if (login === undefined) return Promise.resolve(undefined);
    const { user, password, method } = login;
    const oauth2 = nextToken === undefined ? undefined : tokenLogin(user, nextToken);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(timedOut()), timeLimitMs);
      const end = (error: SMTPError | null | undefined): void => {
        clearTimeout(timer);
        resolve(error === null ? undefined : openingEnd(error));
      };
      this.#onEnd = (error) => end(error);
      this.#connection.login(
        {
          user,
          ...(password === undefined ? {} : { pass: password, credentials: { user, pass: password } }),
          ...(method === undefined ? {} : { method }),
          ...(oauth2 === undefined ? {} : { oauth2 }),
        },
        end,
      );
    });
  }
}
