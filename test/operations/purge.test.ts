import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { tokenFloor } from '../../src/db/claimTokens.ts';
import { wantedPartitions } from '../../src/db/journalPartitions.ts';
import { readClosedMonth, reopenMonth } from '../../src/db/transitions/closedMonths.ts';
import { closeMonth } from '../../src/operations/closeMonth.ts';
import { purgeJournal } from '../../src/operations/purge.ts';
import { purgeRows } from '../../src/sweeper/purgeRows.ts';
import { ask, askValue } from '../support/ask.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const month = '2026-11-01';
function deps() {
  return {
    database: db.database,
    retention: { billsDays: 400, journalDays: 400, poisonDays: 90, accessDays: 730, outcomesDays: 30 },
  };
}
const nothing = { bills: 0, poison: 0, outcomes: 0, ofRuns: 0 };
const all = { forMs: Number.POSITIVE_INFINITY };

beforeEach(() => emptyTables(db.database));

function rows() {
  return askValue<number>(db.database, 'select count(*)::int from bill_notification');
}

/** 2,500 bills of a month, every one DELIVERED: more than one step. */
async function insertMonth(ofMonth: string, first: number): Promise<void> {
  await ask(
    db.database,
    `insert into bill select id, 7, $2::date, 1, 1, 0, 0, 1, 1, 0, null, now(), 'o', 'b', 'n'
     from generate_series($1::bigint, $1::bigint + 2499) id`,
    [first, ofMonth],
  );
  await ask(
    db.database,
    `insert into bill_notification (bill_id, member_id, send_status, publish_status)
     select id, 7, 'DELIVERED', 'PUBLISHED' from generate_series($1::bigint, $1::bigint + 2499) id`,
    [first],
  );
}

async function closeDaysAgo(days: number): Promise<void> {
  await closeMonth({ database: db.database }, { month, actor: 'person test', dryRun: false });
  await ask(db.database, `update closed_month set closed_at = now() - $1 * interval '1 day'`, [days]);
}

describe('a purge of rows', () => {
  it('takes no row of a month that is open, or not closed for long enough', async () => {
    await insertMonth(month, 1);
    assert.deepEqual(await purgeRows(deps(), all), nothing);
    await closeDaysAgo(399);
    assert.deepEqual(await purgeRows(deps(), all), nothing);
    assert.equal(await rows(), 2_500);
    assert.equal(await reopenMonth(db.database, month), true);
  });

  it('takes every row of a month that was closed long ago, and no other month’s', async () => {
    await insertMonth(month, 1);
    await insertMonth('2026-12-01', 10_001);
    await closeDaysAgo(401);
    assert.deepEqual(await purgeRows(deps(), all), { ...nothing, bills: 2_500 });
    assert.equal(await rows(), 2_500);
    assert.equal(await readClosedMonth(db.database, month), 'purged');
    assert.deepEqual(await purgeRows(deps(), all), nothing);
    assert.equal(await reopenMonth(db.database, month), false);
  });

  it('stops when its time is over, and continues later', async () => {
    await insertMonth(month, 1);
    await closeDaysAgo(401);
    assert.deepEqual(await purgeRows(deps(), { forMs: 0 }), nothing);
    const first = await purgeRows(deps(), { forMs: 0.001 });
    assert.ok(first.bills === 0 || first.bills === 2_000, String(first.bills));
    assert.equal((await purgeRows(deps(), all)).bills + first.bills, 2_500);
  });

  it('leaves a row that does not stand for good', async () => {
    await insertMonth(month, 1);
    await closeDaysAgo(401);
    await ask(db.database, `update bill_notification set send_status = 'PENDING' where bill_id = 5`);
    assert.equal((await purgeRows(deps(), all)).bills, 2_499);
    assert.equal(await rows(), 1);
  });

  it('takes what stands beside the rows of bills', async () => {
    await insertMonth(month, 1);
    await insertMonth('2026-12-01', 10_001);
    for (const billId of [5, 10_005]) {
      await ask(
        db.database,
        `insert into bill_receipt (bill_id, cycle, channel, kind, provider, came_by)
         values ($1, 1, 'EMAIL', 'delivered', 'smtp', 'mail')`,
        [billId],
      );
      await ask(db.database, 'insert into view_link_try (bill_id, cycle, tries) values ($1, 1, 5)', [billId]);
      await ask(
        db.database,
        `insert into bill_reference (bill_id, bill_key, member_id) overriding system value
         values ($1, 'INV-' || $1::bigint, 7)`,
        [billId],
      );
    }
    await closeDaysAgo(401);
    await purgeRows(deps(), all);
    const left = await ask(
      db.database,
      `select bill_id from bill_receipt union all select bill_id from view_link_try
       union all select bill_id from bill_reference`,
    );
    assert.deepEqual(left, [['10005'], ['10005'], ['10005']]);
  });

  it('takes test messages and canaries of runs that nobody has moved for long', async () => {
    await ask(
      db.database,
      `insert into run (number, id, kind, state, plan, plan_hash, requested_by, approved_hash, changed_at)
       select n, 'run-' || n, 'PLANNED', state, '{}', '', 'ann', '', now() - days * interval '1 day'
       from (values (1, 'DONE', 401), (2, 'RUNNING', 401), (3, 'CLOSED', 399)) old (n, state, days)`,
    );
    await ask(
      db.database,
      `insert into test_send (run, key_suffix, bill_id, channel, provider, sender, begun_at)
       select run, 'seed', bill, 'EMAIL', 'smtp', gen_random_uuid(), now() - bill * interval '1 day'
       from generate_series(1, 3) run, (values (401), (1)) bills (bill)`,
    );
    await ask(db.database, 'insert into run_canary select run, 7 from generate_series(1, 3) run');
    assert.equal((await purgeRows(deps(), all)).ofRuns, 2);
    const left = await ask(
      db.database,
      `select 'sent', run, bill_id from test_send union all select 'canary', run, bill_id from run_canary
       order by 1, 2, 3`,
    );
    assert.deepEqual(
      left.map((row) => row.join(' ')),
      ['canary 2 7', 'canary 3 7', 'sent 1 1', 'sent 2 1', 'sent 2 401', 'sent 3 1', 'sent 3 401'],
    );
    await db.database.execute('truncate test_send');
  });

  it('takes records that could not be used only once their dead letter is out for long enough', async () => {
    await ask(
      db.database,
      `insert into poison_record (topic, partition, "offset", recorded_at, reason, published_at)
       values ('t', 0, 1, now(), 'EVENT_EMPTY', null), ('t', 0, 2, now(), 'EVENT_EMPTY', now() - interval '89 days'),
              ('t', 0, 3, now(), 'EVENT_EMPTY', now() - interval '91 days')`,
    );
    assert.deepEqual(await purgeRows(deps(), all), { ...nothing, poison: 1 });
    assert.equal(await askValue<number>(db.database, 'select count(*)::int from poison_record'), 2);
  });
});

describe('a purge of the journal', () => {
  const [thisQuarter, nextQuarter] = wantedPartitions(new Date());
  assert.ok(thisQuarter !== undefined && nextQuarter !== undefined);
  const later = new Date(nextQuarter.to.getTime() + 401 * 86_400_000);

  it('drops a quarter that is old enough, unless it speaks of a bill of an open month', async () => {
    await insertMonth(month, 1);
    const { billId } = await insertNotification(db.database, { billId: billIdOf(90_000) });
    const journal = (bill: string, at: Date) =>
      ask(
        db.database,
        `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
         values ($1, $2, 'ACCEPTED', 1, 'EMAIL', true, 'test', now(), now())`,
        [bill, tokenFloor(at)],
      );
    await journal(billId, thisQuarter.from);
    await journal('17', nextQuarter.from);
    await closeDaysAgo(0);
    const purged = await purgeJournal(deps(), later);
    assert.ok(purged.dropped.includes(nextQuarter.name), purged.dropped.join());
    assert.ok(!purged.dropped.includes(thisQuarter.name));
    assert.ok(purged.added.length > 0);
    const left = await ask<[string]>(db.database, 'select bill_id from delivery_attempt');
    assert.deepEqual(left, [[billId]]);
  });
});
