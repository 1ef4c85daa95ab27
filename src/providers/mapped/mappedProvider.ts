import type { Channel } from '../../channels.ts';
import type { Logger } from '../../log/log.ts';
import type { ConnectionSettings } from '../http/connector.ts';
import { createGatewayPool } from '../http/gatewayPool.ts';
import { createIdKeeper } from '../http/idKeeper.ts';
import type { LookupAnswer, Provider } from '../provider.ts';
import { createBatchSender } from './batchSender.ts';
import { formOfBody } from './mappedEncoder.ts';
import { createMappedLookup } from './mappedLookup.ts';
import type { SendMapping } from './mappingSchema.ts';
import { multipartType } from './multipartBody.ts';
import { createRecipientMarks, markingIds } from './recipientMark.ts';
import { namedAnswers, type ResolvedMapping, sendsOf } from './resolveMapping.ts';
import type { Sender, SenderDeps } from './sender.ts';
import { createSigner, type SignRequest } from './signRequest.ts';
import { createSingleSender } from './singleSender.ts';
import { createUploadingSender } from './uploadingSender.ts';

export interface MappedProviderOptions {
  readonly name: string;
  readonly channel: Channel;
  readonly mapping: ResolvedMapping;
  /** The most bills at a time, and the most connections: a batch needs one connection for all its bills. */
  readonly concurrency: number;
  readonly startDeadlineMs: number;
  readonly sendTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly connections: ConnectionSettings;
  /** Keys for ids that hold a keyed hash of the recipient. */
  readonly tokenKeys: readonly Uint8Array[];
  readonly log: Logger;
}

/**
 * A provider behind an HTTP API that a file describes. It makes each request once. Only if nothing of a batch
 * was taken may the batch be sent again, in parts, within the start deadline.
 */
export function createMappedProvider(options: MappedProviderOptions): Provider {
  const { name, mapping, sendTimeoutMs } = options;
  const { origin } = new URL(mapping.origin);
  const sends = sendsOf(mapping);
  const pool = openPool(options, options.concurrency);
  const lookups = openPool(options, lookupsAtOnce);
  const ids = createIdKeeper(options.channel, options.log);
  const senders = sends.map(({ send }) =>
    createSender({
      send,
      pool,
      ids: send.idWithRecipient ? markingIds(ids, createRecipientMarks(options.tokenKeys)) : ids,
      origin,
      sendTimeoutMs,
      sign: createSign(mapping, send),
      answersOf: (value) => namedAnswers(mapping, value),
    }),
  );
  return {
    name,
    concurrency: options.concurrency,
    send({ to, body }, attempt) {
      if (body === undefined) throw new TypeError(`${name} got a message without a body`);
      const { index, bytes } = formOfBody(body, senders.length);
      const sender = senders[index];
      if (sender === undefined) throw new TypeError(`${name} got a message of no form that it knows`);
      return sender.send({ to, body: bytes, attempt });
    },
    prepare: (sends) => pool.prepare(sends),
    lookupsAtOnce,
    lookup: createLookup(mapping, { pool: lookups, timeLimitMs: sendTimeoutMs }),
    async stop() {
      for (const sender of senders) sender.flush();
      await Promise.all([pool.destroy(), lookups.destroy()]);
    },
  };
}

/** Look-ups have connections of their own, so that a sweep never takes one from a bill. */
const lookupsAtOnce = 32;

const contentTypes = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded; charset=utf-8',
} as const;

function createSign(mapping: ResolvedMapping, { encoding, headers }: SendMapping): SignRequest {
  if (encoding !== 'multipart') {
    return createSigner(mapping, { 'content-type': contentTypes[encoding], ...headers });
  }
  const sign = createSigner(mapping, headers);
  return async (request) => ({ ...(await sign(request)), 'content-type': multipartType(request.body) });
}

function openPool(
  { mapping, keepAliveMs, connections, startDeadlineMs }: MappedProviderOptions,
  most: number,
) {
  return createGatewayPool({
    url: new URL(mapping.origin),
    connections: most,
    keepAliveMs,
    settings: connections,
    connectTimeoutMs: startDeadlineMs,
  });
}

function createSender(deps: SenderDeps): Sender {
  const { batch, upload } = deps.send;
  if (upload !== undefined) return createUploadingSender(deps, upload);
  return batch === undefined ? createSingleSender(deps) : createBatchSender(deps, batch);
}

function createLookup(
  mapping: ResolvedMapping,
  deps: { readonly pool: ReturnType<typeof openPool>; readonly timeLimitMs: number },
): (key: string) => Promise<LookupAnswer> {
  const { lookup } = mapping;
  if (lookup === undefined) return async () => 'cannotTell';
  return createMappedLookup({ ...deps, lookup, sign: createSigner(mapping, {}) });
}
