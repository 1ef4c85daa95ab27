import { faultOf } from '../consumer/faults.ts';
import type { Outgoing } from './outgoing.ts';
import { partsOf } from './partsOf.ts';
import type { Publisher } from './publisher.ts';

/** The records that their topic did not take as they are; every other one is published whole. */
export interface Misfits {
  /** Published in a shorter form. */
  readonly shortened: ReadonlySet<Outgoing>;
  /** Not published in any form: the topic's `max.message.bytes` must be raised. */
  readonly refused: ReadonlySet<Outgoing>;
}

/**
 * Publishes records so that none which is too large for its topic holds up the others: what is refused
 * together is tried topic by topic, then by the hundred, then one by one, and a single one in its shorter forms.
 * Kafka does not say which partitions of a refused request were written, so a record may come several times.
 * @param shorterForms what may go out in place of a record, the longest first
 * @throws whatever else went wrong; the same records may then be published again
 */
export const publishFitting = async (
  publisher: Publisher,
  records: readonly Outgoing[],
  shorterForms: (record: Outgoing) => readonly Outgoing[] = () => [],
): Promise<Misfits> => {
  const shortened = new Set<Outgoing>();
  const refused = new Set<Outgoing>();

  const publishPart = async (part: readonly Outgoing[]): Promise<void> => {
    if (await isTaken(publisher, part)) return;
    const [record, ...others] = part;
    if (record === undefined) return;
    if (others.length > 0) for (const smaller of smallerParts(part)) await publishPart(smaller);
    else if (await isAnyTaken(publisher, shorterForms(record))) shortened.add(record);
    else refused.add(record);
  };

  await publishPart(records);
  return { shortened, refused };
};

const isTaken = async (publisher: Publisher, records: readonly Outgoing[]): Promise<boolean> => {
  try {
    await publisher.publish(records);
    return true;
  } catch (error) {
    if (isTooLarge(error)) return false;
    throw error;
  }
};

const isAnyTaken = async (publisher: Publisher, forms: readonly Outgoing[]): Promise<boolean> => {
  for (const form of forms) if (await isTaken(publisher, [form])) return true;
  return false;
};

/** A topic's limit is one on whole record batches: it refuses many small records too. */
const isTooLarge = (error: unknown): boolean => {
  const { type } = faultOf(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
};

const smallerParts = (records: readonly Outgoing[]): readonly (readonly Outgoing[])[] => {
  const byTopic = [...Map.groupBy(records, ({ topic }) => topic).values()];
  return byTopic.length > 1 ? byTopic : partsOf(records, records.length > aFew ? aFew : 1);
};

/** Small enough for any sensible limit of a topic, and large enough that a round of 10,000 is not 10,000 requests. */
const aFew = 100;
