import type { PoisonReason } from '../../bill.ts';
import { keepPoison } from '../../db/poison.ts';
import type { PipelineParts } from '../pipelineParts.ts';
import type { ReceivedEvent, ReceivedRecord } from '../receivedRecord.ts';

/** A record whose event could be read. */
export type EventRecord = ReceivedRecord & { readonly event: Extract<ReceivedEvent, { kind: 'event' }> };

/**
 * Keeps the records that could not be read, for the relay's dead letters, and lets their offsets pass.
 * @returns the others
 */
export const setAsidePoison = async (
  parts: PipelineParts,
  records: readonly ReceivedRecord[],
): Promise<EventRecord[]> => {
  const poison = records.flatMap((record) =>
    record.event.kind === 'poison' ? [{ record, reason: record.event.reason }] : [],
  );
  await setAside(parts, poison);
  return records.filter(isUsable);
};

/** Keeps records durably, byte for byte, with the reason of each; then their offsets may pass. */
export const setAside = async (
  { database, tally }: Pick<PipelineParts, 'database' | 'tally'>,
  poison: readonly { readonly record: ReceivedRecord; readonly reason: PoisonReason }[],
): Promise<void> => {
  if (poison.length === 0) return;
  await keepPoison(
    database,
    poison.map(({ record, reason }) => ({ ...positionOf(record), ...record.bytes(), reason })),
  );
  for (const { record, reason } of poison) {
    tally.count('record cannot be used, its dead letter is owed', { ...positionOf(record), reason });
    record.done();
  }
};

const positionOf = ({ topic, partition, offset, timestampMs }: ReceivedRecord) => ({
  topic,
  partition,
  offset,
  timestampMs,
});

const isUsable = (record: ReceivedRecord): record is EventRecord => record.event.kind === 'event';
