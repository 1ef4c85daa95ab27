import { Pool } from 'undici';
import type { Channel } from '../../bill.ts';
import type { Logger } from '../../log.ts';
import type { LookupAnswer, Message, Provider, SendAnswer, SendOptions } from '../provider.ts';
import { elapsedSince, readClocks } from '../startDeadline.ts';
import { classifyLookup, classifySend, type LookupTrust } from './classify.ts';
import { encodeMessage } from './encodeMessage.ts';
import { exchange } from './exchange.ts';

export interface HttpProviderOptions {
  readonly channel: Channel;
  /** Messages are posted here, and asked about below it. */
  readonly url: string;
  readonly token: string | undefined;
  readonly lookup: LookupTrust;
  /** Connections, each with one request at a time. */
  readonly concurrency: number;
  /** A connection that takes longer to make could only begin too late. */
  readonly startDeadlineMs: number;
  readonly sendTimeoutMs: number;
  readonly log: Logger;
}

/**
 * A provider behind the JSON gateway protocol: one POST a message, never repeated here, and a GET by the
 * idempotency key. The answer is in within START_DEADLINE_MS for the connection and SEND_TIMEOUT_MS from the
 * first byte.
 */
export const createHttpProvider = (options: HttpProviderOptions): Provider => {
  const { channel, token, concurrency, sendTimeoutMs, log } = options;
  const url = new URL(options.url);
  const sends = createPool(options, concurrency);
  const lookups = createPool(options, Math.min(concurrency, lookupsAtOnce));
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const warnOnce = createIdWarning(channel, log);

  /** Not async: the message is encoded before the promise is returned. */
  const send = (
    message: Message,
    { claim, idempotencyKey, startDeadline }: SendOptions,
  ): Promise<SendAnswer> =>
    exchange(sends, {
      method: 'POST',
      path: url.pathname + url.search,
      headers: {
        ...authorization,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        'send-before': String(startDeadline.unixMs),
      },
      body: encodeMessage(message, claim),
      mayStart: () => !startDeadline.passed(),
      timeLimitMs: sendTimeoutMs,
    }).then((outcome) => {
      const answer = classifySend(outcome, { now: new Date(), origin: url.origin });
      if (answer.kind === 'accepted' && answer.providerId === undefined) warnOnce(claim.billId);
      return answer;
    });

  const lookup = async (idempotencyKey: string): Promise<LookupAnswer> => {
    if (options.lookup === 'none') return 'cannotTell';
    const asked = readClocks();
    const outcome = await exchange(lookups, {
      method: 'GET',
      path: `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(idempotencyKey)}${url.search}`,
      headers: authorization,
      mayStart: () => elapsedSince(asked) < sendTimeoutMs,
      timeLimitMs: sendTimeoutMs,
    });
    return classifyLookup(outcome, options.lookup);
  };

  return {
    name: 'http',
    concurrency,
    send,
    lookup,
    async stop() {
      await Promise.all([sends.destroy(), lookups.destroy()]);
    },
  };
};

/** Connections of their own, so that a sweep never takes one from a bill. */
const lookupsAtOnce = 32;

/** One request a connection, so that one that breaks leaves one bill in doubt; time limits are the exchange's. */
const createPool = ({ url, startDeadlineMs }: HttpProviderOptions, connections: number): Pool =>
  new Pool(new URL(url).origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: startDeadlineMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

const createIdWarning = (channel: Channel, log: Logger) => {
  let warned = false;
  return (billId: string): void => {
    if (warned) return;
    warned = true;
    log.warn({ channel, billId }, 'gateway accepts without an id: its bills cannot be found by one');
  };
};
