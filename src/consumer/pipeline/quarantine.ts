import type { PoisonReason } from '../../bill.ts';
import { isolate } from '../../db/isolate.ts';
import { keepPoison, type PoisonRecord } from '../../db/transitions/poisonRecords.ts';
import { sleep } from '../../lib/sleep.ts';
import type { DecodedEvent } from '../intake/decode.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { Lane } from './lane.ts';
import { piecesByBytes } from './piecesByBytes.ts';
import type { StageDeps } from './stage.ts';

/** A record whose event could be read. */
export type EventRecord = ReceivedRecord & { readonly event: Extract<DecodedEvent, { kind: 'event' }> };

/**
 * Keeps the records that could not be read, for the relay's dead letters, and skips them.
 * @returns the others
 */
export async function quarantinePoison(
  deps: QuarantineDeps,
  lane: Lane,
  records: readonly ReceivedRecord[],
): Promise<EventRecord[]> {
  const poison = records.flatMap((record) =>
    record.event.kind === 'poison' ? [{ record, reason: record.event.reason }] : [],
  );
  await quarantine(deps, lane, poison);
  return records.filter(isUsable);
}

interface Poison {
  readonly record: ReceivedRecord;
  readonly reason: PoisonReason;
}

type QuarantineDeps = Pick<StageDeps, 'database' | 'throttledLog'>;

const beforeNextTryMs = 2_000;

/**
 * Stores records durably, byte for byte, each with its reason, and skips them. If one cannot be stored, it is
 * tried again until it can: its offset stays, and the others do not wait for it.
 */
export async function quarantine(deps: QuarantineDeps, lane: Lane, poison: readonly Poison[]): Promise<void> {
  for (let open = poison; open.length > 0; ) {
    open = await keep(deps, lane, open);
    if (open.length > 0) await sleep(beforeNextTryMs);
  }
}

/** In pieces: all bytes of a statement become one text of hex digits, and V8 limits the length of a text. */
const bytesAtOnce = 4 * 1024 * 1024;

/** @returns those that still have to be kept */
async function keep(deps: QuarantineDeps, lane: Lane, poison: readonly Poison[]): Promise<Poison[]> {
  const left: Poison[] = [];
  for (const piece of piecesByBytes(poison, ({ record }) => record.size, bytesAtOnce)) {
    for await (const outcome of isolate(piece, {
      run: keeping(deps, whole),
      throttledLog: deps.throttledLog,
    })) {
      if (outcome.kind === 'done') endKept(deps, lane, outcome.result);
      else if (outcome.kind === 'stuck') left.push(...outcome.items);
      else left.push(...(await keepWithoutBytes(deps, lane, outcome)));
    }
  }
  return left;
}

/** If the database refuses the bytes, their position in Kafka is better than nothing. */
async function keepWithoutBytes(
  deps: QuarantineDeps,
  lane: Lane,
  { item, code }: { readonly item: Poison; readonly code: string },
): Promise<Poison[]> {
  const { throttledLog } = deps;
  const facts = { ...positionOf(item.record), reason: item.reason, code };
  for await (const outcome of isolate([item], { run: keeping(deps, withoutBytes), throttledLog })) {
    if (outcome.kind === 'done') {
      throttledLog.warn('record is kept without its bytes, the database refuses them', facts);
      endKept(deps, lane, outcome.result);
      return [];
    }
  }
  throttledLog.warn('record cannot be kept, the database refuses it: its offset stays', facts);
  return [item];
}

function keeping({ database }: QuarantineDeps, toRow: (poison: Poison) => PoisonRecord) {
  return async (part: readonly Poison[]) => {
    await keepPoison(database, part.map(toRow));
    return part;
  };
}

function endKept({ throttledLog }: QuarantineDeps, lane: Lane, kept: readonly Poison[]): void {
  for (const { record, reason } of kept) {
    throttledLog.warn('record cannot be used, its dead letter is owed', { ...positionOf(record), reason });
    lane.skip(record);
  }
}

function whole({ record, reason }: Poison): PoisonRecord {
  const bytes = record.bytes();
  const isWhole = record.batch === undefined || bytes.value !== null;
  return {
    ...positionOf(record),
    ...bytes,
    reason,
    batch: batchOf(record),
    missingBytes: isWhole ? null : (record.batch?.bytes ?? null),
  };
}

function withoutBytes({ record, reason }: Poison): PoisonRecord {
  return {
    ...positionOf(record),
    key: null,
    value: null,
    reason,
    batch: batchOf(record),
    missingBytes: record.batch?.bytes ?? record.size,
  };
}

/** The batch that a record stands for, as JSON. The reason is left out: the dead letter has it already. */
function batchOf({ batch }: ReceivedRecord): string | null {
  if (batch === undefined) return null;
  const { reason: _, ...facts } = batch;
  return JSON.stringify(facts);
}

/** Where a record came from. */
export function positionOf({ topic, partition, offset, timestampMs }: ReceivedRecord) {
  return {
    topic,
    partition,
    offset,
    timestampMs,
  };
}

function isUsable(record: ReceivedRecord): record is EventRecord {
  return record.event.kind === 'event';
}
