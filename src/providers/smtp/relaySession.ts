import { connect as connectTcp, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import SMTPConnection, { type Envelope, type SMTPError } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { brokenBy, type DialogueEnd, endOf, openingEnd } from './dialogueEnd.ts';
import { MessageBody } from './messageBody.ts';
import { type Relay, securityOf } from './relayUrl.ts';

export interface SessionOptions {
  readonly relay: Relay;
  /** What EHLO says; nodemailer's choice by default. */
  readonly name: string | undefined;
  readonly secureContext: SecureContext | undefined;
  /** For XOAUTH2. */
  readonly nextToken: (() => Promise<string>) | undefined;
  /** For everything up to the login. */
  readonly timeLimitMs: number;
}

/** One message on its way. */
export interface Dialogue {
  readonly body: MessageBody;
  /** With the reply that decided it, or that the connection broke. */
  readonly ended: Promise<DialogueEnd>;
}

export type Opening =
  | { readonly kind: 'opened'; readonly session: RelaySession }
  | { readonly kind: 'failed'; readonly end: DialogueEnd };

/** How long a relay may take to answer RSET and QUIT. */
const politeMs = 5_000;
/** Far above every time limit of ours. */
const neverMs = 2 ** 31 - 1;

/**
 * One connection to a relay: nodemailer's `SMTPConnection`, which speaks the protocol and never repeats
 * anything. States: opening, free, sending, closed. A fault closes it. What is given up is reset, so that the
 * kernel drops what has not left yet.
 */
export class RelaySession {
  readonly relay: Relay;
  /** The extensions of EHLO, in upper case. */
  extensions = '';
  messages = 0;
  readonly #tcp: Socket;
  readonly #connection: SMTPConnection;
  #fault: SMTPError | undefined;
  #isClosed = false;
  /** Ends the dialogue, if there is one that has not ended. */
  #breakOff: () => void = () => undefined;
  #onEnd: (error?: SMTPError) => void = () => undefined;

  private constructor({ relay, name, secureContext, timeLimitMs }: SessionOptions) {
    this.relay = relay;
    const { host, port, tls } = relay;
    this.#tcp = connectTcp({ host, port, noDelay: true });
    this.#connection = new SMTPConnection({
      connection: this.#tcp,
      host,
      port,
      ...securityOf(tls, secureContext),
      ...(name === undefined ? {} : { name }),
      connectionTimeout: timeLimitMs,
      greetingTimeout: timeLimitMs,
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
      // nodemailer's own word about the message comes first, if it has one.
      setImmediate(() => this.#breakOff());
    });
  }

  /** Connects, says EHLO, secures the connection and logs in. */
  static async open(options: SessionOptions): Promise<Opening> {
    const session = new RelaySession(options);
    const failure = (await session.#greet(options)) ?? (await session.#logIn(options));
    if (failure === undefined) return { kind: 'opened', session };
    session.reset();
    return { kind: 'failed', end: failure };
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
  send(envelope: Envelope, message: Uint8Array): Dialogue {
    this.messages++;
    const { _socket: socket } = this.#connection;
    let readBefore: number | undefined;
    const mayBegin = (): boolean => {
      readBefore = this.#tcp.bytesRead;
      return /^354/.test(String(this.#connection.lastServerResponse));
    };
    const body = new MessageBody(message, {
      mayBegin,
      socket: socket instanceof Socket ? socket : undefined,
    });
    const ended = new Promise<DialogueEnd>((resolve) => {
      this.#breakOff = () => resolve(brokenBy(this.#fault, body.mayBeTaken));
      this.#connection.send(envelope, body, (error, info) => {
        // What came together with the 354 is no reply to the message.
        const isReply = !body.mayBeTaken || this.#tcp.bytesRead !== readBefore;
        const end = isReply ? endOf(error ?? undefined, info?.response, body) : brokenBy(undefined, true);
        if (end.kind === 'replied') body.free();
        resolve(end);
      });
    });
    return { body, ended };
  }

  /** Ends a transaction that the relay has turned down. The connection is closed if that fails. */
  forget(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.reset();
        resolve();
      };
      const timer = setTimeout(giveUp, politeMs);
      this.#onEnd = giveUp;
      this.#connection.reset((error) => {
        clearTimeout(timer);
        if (error === null) resolve();
        else giveUp();
      });
    });
  }

  quit(): void {
    this.#connection.quit();
    setTimeout(() => this.reset(), politeMs).unref();
  }

  /** Breaks the connection. */
  reset(): void {
    this.#breakTcp();
    this.#connection.close();
    this.#breakOff();
  }

  /** A reset while a connection opens or ends leaves its handle open, and the process cannot exit. */
  #breakTcp(): void {
    const { _socket: socket } = this.#connection;
    const isEnding = this.#tcp.writableEnded || (socket instanceof Socket && socket.writableEnded);
    if (isEnding || this.#tcp.connecting) this.#tcp.destroy();
    else this.#tcp.resetAndDestroy();
  }

  #greet({ timeLimitMs }: SessionOptions): Promise<DialogueEnd | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ kind: 'broken', error: undefined, isTimeOut: true, mayBeTaken: false });
      }, timeLimitMs);
      const end = (failure: DialogueEnd | undefined): void => {
        clearTimeout(timer);
        resolve(failure);
      };
      this.#tcp.on('error', (error) => end(brokenBy(error)));
      this.#onEnd = (error) => end(openingEnd(error));
      this.#tcp.once('connect', () => {
        this.#connection.connect((error) => {
          this.extensions = String(this.#connection.lastServerResponse).toUpperCase();
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
      const timer = setTimeout(() => {
        resolve({ kind: 'broken', error: undefined, isTimeOut: true, mayBeTaken: false });
      }, timeLimitMs);
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

function tokenLogin(user: string, nextToken: () => Promise<string>): XOAuth2 {
  return new XOAuth2({
    user,
    provisionCallback: (_user, _renew, done) => {
      nextToken().then(
        (token) => done(null, token),
        (error: Error) => done(error),
      );
    },
  });
}
