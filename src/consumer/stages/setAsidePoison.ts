import { setTimeout as sleep } from 'node:timers/promises';
import type { PoisonReason } from '../../bill.ts';
import { isolate } from '../../db/isolate.ts';
import { keepPoison, type PoisonRecord } from '../../db/poison.ts';
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

interface Poison {
  readonly record: ReceivedRecord;
  readonly reason: PoisonReason;
}

const beforeNextTryMs = 2_000;

/**
 * Keeps records durably, byte for byte, with the reason of each; then their offsets may pass. One that cannot be kept
 * keeps no other, and its offset stays until it can.
 */
export const setAside = async (
  parts: Pick<PipelineParts, 'database' | 'tally'>,
  poison: readonly Poison[],
): Promise<void> => {
  for (let open = poison; open.length > 0; ) {
    open = await keep(parts, open);
    if (open.length > 0) await sleep(beforeNextTryMs);
  }
};

/** @returns those that are still to be kept */
const keep = async (
  { database, tally }: Pick<PipelineParts, 'database' | 'tally'>,
  poison: readonly Poison[],
): Promise<Poison[]> => {
  const left: Poison[] = [];
  const run = async (part: readonly Poison[]) => {
    await keepPoison(database, part.map(toKeep));
    return part;
  };
  for await (const outcome of isolate(poison, { run, tally })) {
    if (outcome.kind === 'stuck') {
      left.push(...outcome.items);
      continue;
    }
    if (outcome.kind === 'refused') {
      const { record, reason } = outcome.item;
      tally.count('record cannot be kept, the database refuses it: its offset stays', {
        ...{ ...positionOf(record), reason, code: outcome.code },
      });
      left.push(outcome.item);
      continue;
    }
    for (const { record, reason } of outcome.result) {
      tally.count('record cannot be used, its dead letter is owed', { ...positionOf(record), reason });
      record.done();
    }
  }
  return left;
};

const toKeep = ({ record, reason }: Poison): PoisonRecord => ({
  ...positionOf(record),
  ...record.bytes(),
  reason,
});

/** Where a record came from. */
export const positionOf = ({ topic, partition, offset, timestampMs }: ReceivedRecord) => ({
  topic,
  partition,
  offset,
  timestampMs,
});

const isUsable = (record: ReceivedRecord): record is EventRecord => record.event.kind === 'event';
