import { classifyKafkaError } from '../kafka/kafkaError.ts';
import type { Outgoing } from '../kafka/outgoing.ts';
import { recordsPerRequest } from '../kafka/publisher.ts';
import { chunk } from '../lib/chunk.ts';

/** What became of records of one partition. A record that is in none of the lists is not known to be written. */
export interface Published<Record extends Outgoing> {
  /** As they are. */
  readonly whole: Record[];
  /** In a shorter form. */
  readonly shortened: Record[];
  /** The topic takes them in no form. */
  readonly refused: { readonly record: Record; readonly error: unknown }[];
  /** Whatever else went wrong; nothing was tried after it. */
  failure: unknown;
}

/**
 * Publishes records of one partition so that none which the topic refuses holds up the others: what is refused
 * together is tried by the hundred, then one by one, and a single one in its shorter forms. Never throws.
 * @param send one request
 * @param shorterForms what may go out in place of a record, the longest first
 */
export async function publishWithinLimits<Record extends Outgoing>(
  send: (records: readonly Outgoing[]) => Promise<void>,
  records: readonly Record[],
  shorterForms: (record: Record) => readonly Outgoing[] = () => [],
): Promise<Published<Record>> {
  const published: Published<Record> = { whole: [], shortened: [], refused: [], failure: undefined };

  const publishOne = async (record: Record, error: unknown): Promise<void> => {
    for (const form of shorterForms(record)) {
      if ((await refusalOf(send, [form])) === undefined) {
        published.shortened.push(record);
        return;
      }
    }
    published.refused.push({ record, error });
  };

  const publishPart = async (part: readonly Record[]): Promise<void> => {
    const refusal = await refusalOf(send, part);
    const [record, ...others] = part;
    if (refusal === undefined) published.whole.push(...part);
    else if (record === undefined) return;
    else if (others.length === 0) await publishOne(record, refusal.error);
    else for (const smaller of chunk(part, part.length > aFew ? aFew : 1)) await publishPart(smaller);
  };

  try {
    for (const part of chunk(records, recordsPerRequest)) await publishPart(part);
  } catch (error) {
    published.failure = error;
  }
  return published;
}

/** Small enough for any sensible limit of a topic, and large enough that a request of 1,000 is not 1,000 requests. */
const aFew = 100;

async function refusalOf(
  send: (records: readonly Outgoing[]) => Promise<void>,
  records: readonly Outgoing[],
): Promise<{ error: unknown } | undefined> {
  try {
    await send(records);
    return undefined;
  } catch (error) {
    if (refusals.has(classifyKafkaError(error).type ?? '')) return { error };
    throw error;
  }
}

/**
 * About the records themselves, not about the topic. A limit on sizes is one on whole batches: it refuses many small
 * records too. A compacted topic refuses records without a key.
 */
const refusals: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]);
