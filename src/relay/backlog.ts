import type { BillTopics, Channel } from '../channels.ts';
import type { Database } from '../db/database.ts';
import {
  firstOwedKey,
  lastOwedKey,
  type OwedEvent,
  type OwedKey,
  selectOwedEvents,
} from '../db/transitions/outbox.ts';
import {
  firstPoisonKey,
  lastPoisonKey,
  type OwedPoison,
  type PoisonKey,
  selectPoison,
} from '../db/transitions/poisonRecords.ts';
import type { Outgoing } from '../kafka/outgoing.ts';
import { type BacklogWalk, createBacklogWalk } from './backlogWalk.ts';
import { isSendable, poisonLetter, toOutgoing } from './owedRecords.ts';

/** The row that owes a record. */
export type Source =
  | { readonly kind: 'bill'; readonly event: OwedEvent }
  | { readonly kind: 'poison'; readonly poison: OwedPoison };

/** A record to publish, and the row that owes it. */
export type OwedRecord = Outgoing & { readonly source: Source };

/** One window of what is owed. */
export interface BacklogPart {
  readonly records: readonly OwedRecord[];
  /** Bills that no longer owe anything: claimed by an event from elsewhere, or cancelled. */
  readonly settled: readonly OwedEvent[];
  /** Bills that an event cannot name. */
  readonly unsendable: readonly OwedEvent[];
  /** Called if many of these are published now. */
  wasUseful(): void;
  /** Reads this part again: some of it was left. */
  readAgain(): void;
}

export interface Backlog {
  read(): Promise<BacklogPart>;
}

/** Many, to share the fixed cost of a round: with 1,000 per round, a bill costs 11 us more at full speed. */
const eventsPerRound = 10_000;
const poisonPerRound = { limit: 500, bytes: 1_000_000 };
/**
 * How far back the tail reads: a row's time is the start of its transaction, so a row may be committed after
 * later ones were read.
 */
const lateMs = 250;

export interface BacklogOptions {
  readonly database: Database;
  readonly topics: BillTopics;
  /** The channels that `CHANNELS` names. Events of other channels wait. */
  readonly channels: readonly Channel[];
}

export function createBacklog({ database, topics, channels }: BacklogOptions): Backlog {
  const events = createEventWalk(database, channels);
  const poison = createPoisonWalk(database);
  return {
    async read() {
      const [owedEvents, owedPoison] = await Promise.all([events.next(), poison.next()]);
      const sendable = owedEvents.rows.filter(isSendable);
      const ofBills = sendable.map((event) => ({ event, records: toOutgoing(event, topics) }));
      return {
        records: [
          ...ofBills.flatMap(({ event, records }) =>
            records.map((record) => withSource(record, { kind: 'bill', event })),
          ),
          ...owedPoison.rows.map((row) =>
            withSource(poisonLetter(row, topics), { kind: 'poison', poison: row }),
          ),
        ],
        settled: ofBills.flatMap(({ event, records }) => (records.length === 0 ? [event] : [])),
        unsendable: owedEvents.rows.filter((event) => !isSendable(event)),
        wasUseful() {
          events.wasUseful(owedEvents);
          poison.wasUseful(owedPoison);
        },
        readAgain() {
          events.goBackTo(owedEvents.start);
          poison.goBackTo(owedPoison.start);
        },
      };
    },
  };
}

function withSource(record: Outgoing, source: Source): OwedRecord {
  return { ...record, source };
}

function createEventWalk(database: Database, channels: readonly Channel[]): BacklogWalk<OwedEvent, OwedKey> {
  return createBacklogWalk({
    read: ({ after, tail, limit }) =>
      selectOwedEvents(database, limit, { after, lateMs: tail ? lateMs : 0, channels }),
    keyOf: ({ notBefore, billId }) => ({ notBefore, billId }),
    first: firstOwedKey,
    last: lastOwedKey,
    limit: eventsPerRound,
  });
}

function createPoisonWalk(database: Database): BacklogWalk<OwedPoison, PoisonKey> {
  return createBacklogWalk({
    read: ({ after, tail }) =>
      selectPoison(database, { ...poisonPerRound, after, lateMs: tail ? lateMs : 0 }),
    keyOf: ({ receivedAt, topic, partition, offset, recordedAt }) => ({
      receivedAt,
      topic,
      partition,
      offset,
      recordedAt,
    }),
    first: firstPoisonKey,
    last: lastPoisonKey,
    limit: poisonPerRound.limit,
  });
}
