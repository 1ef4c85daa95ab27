import type { Channel } from '../../channels.ts';
import type { Logger } from '../../log/log.ts';
import type { EncodedMessage, LookupAnswer, Provider, SendAnswer, SendAttempt } from '../provider.ts';
import { elapsedSince, readClocks } from '../startDeadline.ts';
import { classifySend } from './classify.ts';
import { classifyLookup, type LookupTrust } from './classifyLookup.ts';
import type { ConnectionSettings } from './connector.ts';
import { createGatewayPool } from './gatewayPool.ts';
import { createIdKeeper } from './idKeeper.ts';
import { lookupPath } from './lookupPath.ts';

export interface HttpProviderOptions {
  readonly channel: Channel;
  /** Messages are posted to this URL, and look-ups go to a path below it. */
  readonly url: string;
  /** The value of the header. */
  readonly authorization: string | undefined;
  readonly lookup: LookupTrust;
  /** The most connections, each with one request at a time. */
  readonly concurrency: number;
  /** The limit for connecting: after it a send could only begin too late. */
  readonly startDeadlineMs: number;
  readonly sendTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly connections: ConnectionSettings;
  readonly log: Logger;
}

/**
 * A provider behind the JSON gateway protocol: one POST per message, never repeated here, and a GET by the
 * idempotency key. The answer comes within START_DEADLINE_MS for the connection and SEND_TIMEOUT_MS from the
 * first byte.
 */
export function createHttpProvider(options: HttpProviderOptions): Provider {
  const { channel, concurrency, sendTimeoutMs, log } = options;
  const url = new URL(options.url);
  const path = url.pathname + url.search;
  const poolOf = (connections: number) =>
    createGatewayPool({
      url,
      connections,
      keepAliveMs: options.keepAliveMs,
      settings: options.connections,
      connectTimeoutMs: options.startDeadlineMs,
    });
  const sends = poolOf(concurrency);
  const lookups = poolOf(lookupsAtOnce);
  const authorization = options.authorization === undefined ? {} : { authorization: options.authorization };
  const ids = createIdKeeper(channel, log);

  const send = (
    { to, body }: EncodedMessage,
    { claim, idempotencyKey, startDeadline, turnEndsMs }: SendAttempt,
  ): Promise<SendAnswer> =>
    sends
      .exchange({
        method: 'POST',
        path,
        headers: {
          ...authorization,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
          'send-before': String(startDeadline.unixMs),
        },
        body,
        freesBody: true,
        mayStart: () => !startDeadline.passed(),
        turnEndsMs,
        timeLimitMs: sendTimeoutMs,
      })
      .then((outcome) => {
        const answer = classifySend(outcome, {
          key: idempotencyKey,
          origin: url.origin,
          now: new Date(),
          deadlinePassed: startDeadline.passed(),
        });
        return answer.kind === 'accepted'
          ? { kind: 'accepted', providerId: ids.keep(answer.providerId, to, claim.billId) }
          : answer;
      });

  const lookup = async (idempotencyKey: string): Promise<LookupAnswer> => {
    if (options.lookup === 'none') return 'cannotTell';
    const asked = readClocks();
    const outcome = await lookups.exchange({
      method: 'GET',
      path: lookupPath(url, idempotencyKey),
      headers: authorization,
      mayStart: () => elapsedSince(asked) < sendTimeoutMs,
      timeLimitMs: sendTimeoutMs,
    });
    return classifyLookup(outcome, idempotencyKey, options.lookup);
  };

  return {
    name: 'http',
    concurrency,
    send,
    prepare: (requests) => sends.prepare(requests),
    lookupsAtOnce,
    lookup,
    async stop() {
      await Promise.all([sends.destroy(), lookups.destroy()]);
    },
  };
}

/** Look-ups have connections of their own, so that a sweep never takes one from a bill. */
const lookupsAtOnce = 32;
