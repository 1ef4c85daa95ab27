import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { BillId, Claim, SettlingTransition } from '../../src/bill.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { findUnclaimableEvents } from '../../src/db/reads/findUnclaimable.ts';
import { listDueDoubts, postponeLookups } from '../../src/db/reads/inDoubt.ts';
import {
  doubtAbandoned,
  forgetAbandonedBatches,
  forgetSettledBatches,
  takeBackAbandoned,
} from '../../src/db/transitions/claimBatches.ts';
import { claimBills } from '../../src/db/transitions/claimBills.ts';
import {
  keepEarlyEvents,
  releaseEarlyBills,
  selectOverdueEvents,
} from '../../src/db/transitions/earlyEvents.ts';
import { handOffBills } from '../../src/db/transitions/handOffBills.ts';
import { markEventsPublished, selectOwedEvents } from '../../src/db/transitions/outbox.ts';
import { retransmitDue } from '../../src/db/transitions/retransmit.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  takeBackStrandedBills,
  walkNotifications,
} from '../../src/db/transitions/scan.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import { findUnwantedAddresses } from '../../src/db/unwantedAddresses.ts';
import { ask, askValue } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { plansOf, recordStatements, scannedTables } from '../support/countedStatements.ts';
import { billIdOf, insertBatch, memberIdOf, newDispatcherId, newToken } from '../support/notifications.ts';
import { loadBills } from '../support/ownLoader.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { askedAt } from '../support/testProviders.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

const bills = 60_000;
const bigTables = new Set(['bill_notification', 'bill', 'bill_item', 'member']);

/**
 * Fills the tables as a seed does: four bills per member, three items per bill, all published. Autovacuum is
 * off, since its snapshot would now and then hold back the pruning that makes room for HOT updates.
 */
function fill(): Promise<unknown> {
  return ask(
    db.database,
    `alter table member set (autovacuum_enabled = off); alter table bill set (autovacuum_enabled = off);
     alter table bill_item set (autovacuum_enabled = off);
     alter table bill_notification set (autovacuum_enabled = off);
     insert into member select id, 'n', 'e', 'p', 'a', 'VIP' from generate_series(1, ${bills / 4}) id;
     insert into bill select id, 1 + (id - 1) / 4, date '2026-08-01' + ((id - 1) % 4) * interval '1 month', 1, 1, 0, 0,
       1, 1, 0, null, now(), 'o', 'b', 'n' from generate_series(1, ${bills}) id;
     insert into bill_item select id * 3 + n, id, 'SUBSCRIPTION', null, 'item', 1
       from generate_series(1, ${bills}) id, generate_series(0, 2) n;
     insert into bill_notification (bill_id, member_id, publish_status)
       select id, 1 + (id - 1) / 4, 'PUBLISHED' from generate_series(1, ${bills}) id;
     analyze`,
  );
}

/** 500 ids; the step spreads them over the table. */
function batchFrom(first: number, step: number): BillId[] {
  return Array.from({ length: 500 }, (_, index) => billIdOf(first + index * step));
}

function eventOf(billId: BillId) {
  return {
    billId,
    memberId: memberIdOf(1 + Math.floor((Number(billId) - 1) / 4)),
  };
}

function claim(database: Database, billIds: readonly BillId[]): Promise<Claim[]> {
  return claimBills(database, {
    token: newToken(),
    owner: newDispatcherId(),
    channel: 'EMAIL',
    events: billIds.map(eventOf),
  });
}

function settleAll(database: Database, transition: SettlingTransition, claims: readonly Claim[]) {
  return settle(database, transition, {
    settlements: claims.map((claim) => ({ claim, elapsedMs: 1, next: 'SMS' as const, delayMs: 1 })),
    actor: 'a',
  });
}

/** Carries a batch that is accepted from claim to settle. All its claims have the token of the batch. */
async function carry(
  database: Database,
  billIds: readonly BillId[],
  between: (database: Database) => Promise<void> = async () => undefined,
): Promise<Claim[]> {
  const claims = await claim(database, billIds);
  const token = claims[0]?.token ?? newToken();
  await loadBills(database, claims);
  await between(database);
  await handOffBills(database, token, { claims, provider: 'test' });
  await between(database);
  await settleAll(database, 'accepted', claims);
  await forgetSettledBatches(database, [token]);
  return claims;
}

async function relay(database: Database): Promise<void> {
  await ask(database, `update bill_notification set publish_status = 'PENDING' where bill_id % 20 = 3`);
  await markEventsPublished(database, await selectOwedEvents(database, 5_000));
}

/** Runs every statement of a sweep and of the rarer answers, on batches of the same size. */
async function sweepOver(database: Database, claims: readonly Claim[]): Promise<void> {
  const billIds = claims.map(({ billId }) => billId);
  for (const transition of [
    'refusedToNext',
    'refusedForGood',
    'notSent',
    'unknown',
    'never',
    'unpreparable',
  ] as const) {
    await settleAll(database, transition, claims);
  }
  await insertBatch(database, { token: newToken(), owner: newDispatcherId(), billIds });
  const limits = { claimTtlMs: 1, batchMaxAgeMs: 1, batches: 50 };
  await takeBackAbandoned(database, limits);
  await doubtAbandoned(database, limits, 'a');
  await forgetAbandonedBatches(database, limits);
  await listDueDoubts(database, { horizonMs: 1, limit: 1_000, asked: askedAt(['EMAIL', 'SMS']) });
  await postponeLookups(
    database,
    claims.map((claim) => ({ claim, delayMs: 1 })),
  );
  await walkNotifications(database, { window: 20_000, orphanAfterMs: 1, batchMaxAgeMs: 1 });
  await republishOrphans(database, billIds, 1);
  const stranded = claims.map(({ billId, token }) => ({ kind: 'strandedSent' as const, billId, token }));
  await takeBackStrandedBills(database, stranded);
  await doubtStrandedBills(database, stranded, 'a');
  await retransmitDue(database, { maxCycles: 3, limit: 5_000, first: 'EMAIL', actor: 'a' });
  await findUnclaimableEvents(database, billIds.map(eventOf));
  await findUnwantedAddresses(database, 'EMAIL', claims);
  await keepEarlyEvents(database, claims.map(earlyEventOf));
  await releaseEarlyBills(database, { window: 5_000, order: standardLadder.order });
  await selectOverdueEvents(database, { ageMs: 0, limit: 1_000, bytes: 1_000_000 });
}

function earlyEventOf({ billId, memberId }: Claim, index: number) {
  return {
    topic: 't',
    partition: 0,
    offset: String(index),
    timestampMs: 1,
    key: null,
    value: null,
    billId,
    memberId,
  };
}

/**
 * Resolves when no transaction is open any more that began before this. Other tests share the server, and
 * rows that their transactions may still see are not pruned.
 */
async function untilOlderTransactionsEnd(database: Database): Promise<void> {
  const next = await askValue<string>(database, 'select pg_snapshot_xmax(pg_current_snapshot())::text');
  for (let ended = false; !ended; ) {
    ended = await askValue(
      database,
      'select pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= $1::bigint',
      [next],
    );
  }
}

async function updatesOf(single: Database): Promise<{ updates: number; hot: number }> {
  await ask(single, 'select pg_stat_force_next_flush()');
  const [row] = await ask<[number, number]>(
    single,
    `select n_tup_upd::int, n_tup_hot_upd::int from pg_stat_user_tables where relname = 'bill_notification'`,
  );
  return { updates: row?.[0] ?? 0, hot: row?.[1] ?? 0 };
}

describe(`on ${bills} bills`, () => {
  before(fill);

  it('claim, hand-off and settle are HOT updates, nearly all of them', async () => {
    const options = { url: db.url, poolSize: 1, log: silentLog, patienceMs: 5_000 };
    const single = createDatabase(options);
    try {
      const before = await updatesOf(single);
      for (let first = 10_001; first <= 15_000; first += 500) {
        await carry(single, batchFrom(first, 1), untilOlderTransactionsEnd);
      }
      const after = await updatesOf(single);
      const updates = after.updates - before.updates;
      assert.equal(updates, 15_000);
      const share = (after.hot - before.hot) / updates;
      assert.ok(share >= 0.9, `${share} of the updates were HOT`);
    } finally {
      await single.close();
    }
  });

  it('no statement on the path of a bill or of a sweep reads a big table from end to end', async () => {
    const { database, asked } = recordStatements(db.database);
    const claims = await carry(database, batchFrom(1, 97));
    assert.ok(claims.length > 400);
    await relay(database);
    await sweepOver(database, claims);
    assert.ok(asked.size >= 22, [...asked.keys()].join(' '));
    const scans: string[] = [];
    for (const [name, statement] of asked) {
      for (const [index, plan] of (await plansOf(database, statement)).entries()) {
        for (const table of scannedTables(plan)) {
          if (bigTables.has(table)) {
            scans.push(`${name} reads ${table}, ${index === 0 ? 'custom' : 'generic'}`);
          }
        }
      }
    }
    assert.deepEqual(scans, []);
  });
});
