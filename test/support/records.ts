import type { BillId, MemberId, PoisonReason } from '../../src/bill.ts';
import type { ReceivedRecord } from '../../src/consumer/intake/receivedRecord.ts';
import { someMember } from './notifications.ts';

/** A record that was never in Kafka, and how often it was done with. */
export interface FakeRecord extends ReceivedRecord {
  readonly doneTimes: () => number;
  /** Resolves when it is done with for the first time. */
  readonly whenDone: Promise<void>;
}

let lastOffset = 0;

function createRecord(
  event: ReceivedRecord['event'],
  isCurrent: boolean,
  { size = 20, value }: { readonly size?: number | undefined; readonly value?: string } = {},
): FakeRecord {
  const { promise: whenDone, resolve } = Promise.withResolvers<void>();
  const offset = String(++lastOffset);
  let times = 0;
  let current = event;
  return {
    topic: 'bill.email',
    partition: 0,
    offset,
    timestampMs: 1_795_456_193_970,
    get event() {
      return current;
    },
    resolve(resolved) {
      current = resolved;
    },
    whenDone,
    bytes: () => ({ key: Buffer.from(`key-${offset}`), value: Buffer.from(value ?? `value-${offset}`) }),
    size,
    forgetBytes: () => undefined,
    isCurrent: () => isCurrent,
    doneTimes: () => times,
    done() {
      times++;
      resolve();
    },
  };
}

/** The event of a bill. */
export function recordOf(
  billId: BillId,
  facts: { memberId?: MemberId; isCurrent?: boolean; size?: number } = {},
): FakeRecord {
  const { memberId = someMember, isCurrent = true, size } = facts;
  return createRecord({ kind: 'event', billId, memberId }, isCurrent, { size });
}

/** A record that cannot be read. */
export function poisonRecord(reason: PoisonReason = 'EVENT_NOT_JSON', size?: number): FakeRecord {
  return createRecord({ kind: 'poison', reason }, true, { size });
}

/** An event that names its bill by an id of the billing system. */
export function namedRecord(billId: string, memberId: string): FakeRecord {
  const value = JSON.stringify({ memberId, billId });
  return createRecord({ kind: 'poison', reason: 'EVENT_BAD_ID' }, true, { value });
}

export async function allDone(records: readonly FakeRecord[]): Promise<void> {
  await Promise.all(records.map(({ whenDone }) => whenDone));
}
