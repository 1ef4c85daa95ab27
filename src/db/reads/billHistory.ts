import { isDeepStrictEqual } from 'node:util';
import type { BillId, PoisonReason, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { joinBill } from '../source/billTables.ts';
import { type ReceiptFacts, readReceipts } from './billReceipts.ts';

/** The state of a bill, and which dispatcher has it. Nothing about its member is read. */
export interface BillFacts {
  readonly channel: Channel;
  /** The channels that its cycle has left; null if none. */
  readonly passed: readonly Channel[] | null;
  readonly sendStatus: SendStatus;
  readonly publishStatus: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly cycle: number;
  /** Hand-offs in this cycle and channel. */
  readonly attempts: number;
  /** Null if it was never delayed. */
  readonly notBefore: Date | null;
  readonly changedAt: Date;
  readonly publishedAt: Date | null;
  readonly handedOffAt: Date | null;
  readonly inDoubtAt: Date | null;
  readonly retransmitAt: Date | null;
  readonly reason: string | null;
  readonly claimed: boolean;
  /** `YYYY-MM`; null if the bill itself is missing. */
  readonly month: string | null;
  /** The batch of its token; null if it no longer exists. */
  readonly batch: HoldingBatch | null;
  /** The run that released it; null if its event came from elsewhere, or it is held. */
  readonly run: string | null;
  /** The provider of the last hand-off; null if there was none, or if it was before providers had names. */
  readonly provider: string | null;
}

export interface HoldingBatch {
  readonly claimedAt: Date;
  /** Null if its owner has left, or was deleted. */
  readonly dispatcher: { readonly name: string; readonly heartbeatAt: Date } | null;
}

/** One entry of the journal. */
export interface JournalledAttempt {
  readonly outcome: string;
  readonly cycle: number;
  readonly channel: Channel;
  readonly applied: boolean;
  readonly reason: string | null;
  /** Which provider had it; null if none, or if it is not known. */
  readonly provider: string | null;
  readonly providerId: string | null;
  readonly actor: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** A record for this bill that could not be used. */
export interface PoisonFacts {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly reason: PoisonReason;
  readonly receivedAt: Date;
  /** When its dead letter was acknowledged. */
  readonly publishedAt: Date | null;
}

/** An event that came before the row of this bill, and waits for it. */
export interface EarlyEventFacts {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly receivedAt: Date;
}

/** The database's time, and the last heartbeat of any dispatcher. */
export interface ClusterFacts {
  readonly now: Date;
  readonly lastHeartbeatAt: Date | null;
}

export interface BillHistory extends ClusterFacts {
  readonly billId: BillId;
  /** Null if the bill has no row. */
  readonly bill: BillFacts | null;
  /** Oldest first. */
  readonly journal: readonly JournalledAttempt[];
  readonly poison: readonly PoisonFacts[];
  readonly early: readonly EarlyEventFacts[];
  readonly receipts: readonly ReceiptFacts[];
}

/**
 * Everything that is stored about one bill. If the bill moves while its parts are read, all of them are read
 * again: a bill that is SENT must not have been accepted already, nor one be unknown whose event was just
 * released.
 */
export async function readHistory(database: Database, billId: BillId): Promise<BillHistory> {
  for (let bill = await readBill(database, billId); ; ) {
    const parts = {
      journal: await readJournal(database, billId),
      poison: await readPoison(database, billId),
      early: await readEarly(database, billId),
      receipts: await readReceipts(database, billId),
      ...(await readCluster(database)),
    };
    const after = await readBill(database, billId);
    if (isDeepStrictEqual(bill, after)) return { billId, bill, ...parts };
    bill = after;
  }
}

const selectBill = {
  name: 'history-bill',
  text: `
    select n.channel, n.passed, n.send_status, n.publish_status, n.cycle, n.attempts,
           nullif(n.not_before, '-infinity'), n.changed_at, n.published_at, n.handed_off_at, n.in_doubt_at,
           n.retransmit_at, n.reason, n.claim_token is not null, to_char(b.billing_month, 'YYYY-MM'),
           batch.claimed_at, d.name, d.heartbeat_at, r.id, n.provider
    from bill_notification n
    ${joinBill}
    left join claim_batch batch on batch.token = n.claim_token
    left join dispatcher d on d.id = batch.owner
    left join run r on r.number = n.run and r.number <> 0
    where n.bill_id = $1`,
};

type BillColumns = [
  ...[Channel, BillFacts['passed'], SendStatus, BillFacts['publishStatus'], number, number],
  ...[Date | null, Date, Date | null, Date | null, Date | null],
  ...[Date | null, string | null, boolean, string | null],
  ...[Date | null, string | null, Date | null, string | null, string | null],
];

async function readBill(database: Database, billId: BillId): Promise<BillFacts | null> {
  const [row] = await database.query<BillColumns>(selectBill, [billId]);
  if (row === undefined) return null;
  const [channel, passed, sendStatus, publishStatus, cycle, attempts, notBefore, changedAt, publishedAt] =
    row;
  const [, , , , , , , , , handedOffAt, inDoubtAt, retransmitAt, reason, claimed, month] = row;
  return {
    channel,
    passed,
    sendStatus,
    publishStatus,
    cycle,
    attempts,
    notBefore,
    changedAt,
    publishedAt,
    handedOffAt,
    inDoubtAt,
    retransmitAt,
    reason,
    claimed,
    month,
    batch: batchOf([row[15], row[16], row[17]]),
    run: row[18],
    provider: row[19],
  };
}

function batchOf([claimedAt, name, heartbeatAt]: [
  Date | null,
  string | null,
  Date | null,
]): HoldingBatch | null {
  return claimedAt === null
    ? null
    : { claimedAt, dispatcher: name === null || heartbeatAt === null ? null : { name, heartbeatAt } };
}

const selectJournal = {
  name: 'history-journal',
  text: `
    select outcome, cycle, channel, applied, reason, provider, provider_id, actor, started_at, finished_at
    from delivery_attempt
    where bill_id = $1
    order by finished_at, started_at, outcome`,
};

type JournalColumns = [
  ...[outcome: string, cycle: number, channel: Channel, applied: boolean, reason: string | null],
  ...[provider: string | null, providerId: string | null, actor: string, startedAt: Date, finishedAt: Date],
];

async function readJournal(database: Database, billId: BillId): Promise<JournalledAttempt[]> {
  const rows = await database.query<JournalColumns>(selectJournal, [billId]);
  return rows.map(([outcome, cycle, channel, applied, reason, ...rest]) => {
    const [provider, providerId, actor, startedAt, finishedAt] = rest;
    return { outcome, cycle, channel, applied, reason, provider, providerId, actor, startedAt, finishedAt };
  });
}

const selectPoison = {
  name: 'history-poison',
  text: `
    select topic, partition, "offset", reason, received_at, published_at
    from poison_record
    where key = convert_to($1, 'UTF8') and octet_length(key) <= 19
    order by received_at
    limit 20`,
};

async function readPoison(database: Database, billId: BillId): Promise<PoisonFacts[]> {
  const rows = await database.query<[string, number, string, PoisonReason, Date, Date | null]>(selectPoison, [
    billId,
  ]);
  return rows.map(([topic, partition, offset, reason, receivedAt, publishedAt]) => ({
    topic,
    partition,
    offset,
    reason,
    receivedAt,
    publishedAt,
  }));
}

const selectEarly = {
  name: 'history-early',
  text: `
    select topic, partition, "offset", received_at from early_event where bill_id = $1 order by id limit 20`,
};

async function readEarly(database: Database, billId: BillId): Promise<EarlyEventFacts[]> {
  const rows = await database.query<[string, number, string, Date]>(selectEarly, [billId]);
  return rows.map(([topic, partition, offset, receivedAt]) => ({ topic, partition, offset, receivedAt }));
}

const selectCluster = { name: 'history-cluster', text: 'select now(), max(heartbeat_at) from dispatcher' };

async function readCluster(database: Database): Promise<ClusterFacts> {
  const [row] = await database.query<[Date, Date | null]>(selectCluster);
  return { now: row?.[0] ?? new Date(), lastHeartbeatAt: row?.[1] ?? null };
}
