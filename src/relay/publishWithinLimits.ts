import { classifyKafkaError } from '../kafka/kafkaError.ts';
import type { Outgoing } from '../kafka/outgoing.ts';
import { recordsPerRequest } from '../kafka/publisher.ts';
import { chunk } from '../lib/chunk.ts';

/** The result for records of one partition. A record in none of the lists may or may not be written. */
export interface Published<R extends Outgoing> {
  /** Published as they are. */
  readonly whole: R[];
  /** Published in a shorter form. */
  readonly shortened: R[];
  /** Refused by the topic in every form. */
  readonly refused: { readonly record: R; readonly error: unknown }[];
  /** Any other error; nothing was tried after it. */
  failure: unknown;
}

/** One request. */
type Send = (records: readonly Outgoing[]) => Promise<void>;

/**
 * Publishes records of one partition so that those which the topic refuses do not delay the others. A refused
 * request is retried in parts of a hundred, then one by one, and a single record in its shorter forms. Never
 * throws.
 * @param shorterForms what may be published instead of a record, the longest first
 */
export async function publishWithinLimits<R extends Outgoing>(
  send: Send,
  records: readonly R[],
  shorterForms: (record: R) => readonly Outgoing[] = () => [],
): Promise<Published<R>> {
  const published: Published<R> = { whole: [], shortened: [], refused: [], failure: undefined };
  try {
    for (const part of chunk(records, recordsPerRequest)) {
      await publishPart({ send, shorterForms, published }, part);
    }
  } catch (error) {
    published.failure = error;
  }
  return published;
}

interface Publication<R extends Outgoing> {
  readonly send: Send;
  readonly shorterForms: (record: R) => readonly Outgoing[];
  readonly published: Published<R>;
}

async function publishPart<R extends Outgoing>(
  publication: Publication<R>,
  part: readonly R[],
): Promise<void> {
  const refusal = await refusalOf(publication.send, part);
  const [record, ...others] = part;
  if (refusal === undefined) {
    publication.published.whole.push(...part);
  } else if (record !== undefined && others.length === 0) {
    await publishShorter(publication, record, refusal.error);
  } else {
    for (const smaller of chunk(part, part.length > aFew ? aFew : 1)) {
      await publishPart(publication, smaller);
    }
  }
}

/**
 * Large enough that a request of 1,000 does not become 1,000 requests, small enough for any sensible limit of
 * a topic.
 */
const aFew = 100;

async function publishShorter<R extends Outgoing>(
  { send, shorterForms, published }: Publication<R>,
  record: R,
  error: unknown,
): Promise<void> {
  for (const form of shorterForms(record)) {
    if ((await refusalOf(send, [form])) === undefined) {
      published.shortened.push(record);
      return;
    }
  }
  published.refused.push({ record, error });
}

async function refusalOf(send: Send, records: readonly Outgoing[]): Promise<{ error: unknown } | undefined> {
  try {
    await send(records);
    return undefined;
  } catch (error) {
    if (refusals.has(classifyKafkaError(error).type ?? '')) return { error };
    throw error;
  }
}

/**
 * Errors that concern the records, not the topic. Size limits apply to whole batches, so many small records
 * may be refused too. A compacted topic refuses records without a key.
 */
const refusals: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]);
