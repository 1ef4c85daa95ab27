import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allSettled } from '../../../../tools/bench/benchRows.ts';
import { readSettled } from '../../../../tools/bench/measure/settled.ts';
import { ask } from '../../../support/ask.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('settled', () => {
  it('measures what rows say: 101 bills, one settled every 10 ms, each published 2 s and handed off 1 s before', async () => {
    await ask(
      db.database,
      `insert into bill_notification
         (bill_id, member_id, send_status, claim_token, published_at, handed_off_at, changed_at)
       select id, 7, 'DELIVERED', gen_random_uuid(), at - interval '2 s', at - interval '1 s', at
       from generate_series(1, 101) id, lateral (select timestamptz '2026-11-01' + id * interval '10 ms') t (at)`,
    );
    assert.equal(await allSettled(db.database, 1_000), true);
    const settled = await readSettled(db.database, 1_000);
    assert.equal(settled.bills, 101);
    assert.equal(settled.bySms + settled.failed, 0);
    assert.equal(settled.steadyBillsPerSecond, 100);
    assert.ok(Math.abs(settled.wholeBillsPerSecond - 101 / 3) < 0.01);
    assert.deepEqual(settled.eventToHandOff, { p50: 1000, p99: 1000, max: 1000 });
    assert.deepEqual(settled.eventToSettled, { p50: 2000, p99: 2000, max: 2000 });
    assert.deepEqual(settled.handOffToSettled, { p50: 1000, p99: 1000, max: 1000 });
  });

  it('is not all settled while one bill waits; counts failures, and SMS apart from latencies', async () => {
    await ask(db.database, 'insert into bill_notification (bill_id, member_id) values (500, 7)');
    assert.equal(await allSettled(db.database, 1_000), false);
    await ask(
      db.database,
      `update bill_notification set send_status = 'FAILED', publish_status = 'PENDING' where bill_id = 500`,
    );
    await ask(
      db.database,
      `update bill_notification set channel = 'SMS', published_at = null where bill_id = 1`,
    );
    assert.equal(await allSettled(db.database, 1_000), true);
    const settled = await readSettled(db.database, 1_000);
    assert.equal(settled.failed, 1);
    assert.equal(settled.bySms, 1);
  });

  it('knows no time of events that were there before', async () => {
    await ask(db.database, 'update bill_notification set published_at = null');
    const settled = await readSettled(db.database, 1_000);
    assert.equal(settled.eventToHandOff, null);
    assert.equal(settled.eventToSettled, null);
  });
});
