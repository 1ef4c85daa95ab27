import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readControl, setFallbackStopped, setPaused, setSendingStopped } from '../../src/db/control.ts';
import { ask, askValue } from '../support/ask.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from control'));

const alice = { by: 'person alice', reason: 'maintenance' };
const bob = { by: 'person bob' };
const rail = { by: 'dispatcher host:1', reason: '250 of the last 1,000 e-mails were refused' };

describe('the switches', () => {
  it('are all off where nobody has thrown one', async () => {
    const control = await readControl(db.database);
    assert.deepEqual(control, {
      ...{ paused: false, pause: null, fallbackStopped: null, fallbackResumedAt: null, resumed: null },
      sendingStopped: { EMAIL: null, SMS: null },
    });
  });

  it('tell of a pause since when, by whom and why', async () => {
    assert.equal(await setPaused(db.database, true, alice), true);
    const { paused, pause } = await readControl(db.database);
    assert.equal(paused, true);
    assert.deepEqual([pause?.by, pause?.reason], ['person alice', 'maintenance']);
    assert.ok(pause && Math.abs(Date.now() - pause.since.getTime()) < 60_000);
  });

  it('keep the first who paused, and say that a second pause changed nothing', async () => {
    await setPaused(db.database, true, alice);
    const before = await readControl(db.database);
    assert.equal(await setPaused(db.database, true, bob), false);
    assert.deepEqual(await readControl(db.database), before);
  });

  it('end a pause once, and say who ended it', async () => {
    await setPaused(db.database, true, alice);
    assert.equal(await setPaused(db.database, false, bob), true);
    assert.equal(await setPaused(db.database, false, alice), false);
    const { paused, pause, resumed } = await readControl(db.database);
    assert.deepEqual([paused, pause, resumed?.by, resumed?.reason], [false, null, 'person bob', null]);
  });

  it('are independent of one another', async () => {
    await setPaused(db.database, true, alice);
    await setFallbackStopped(db.database, true, rail);
    await setSendingStopped(db.database, { channel: 'EMAIL', stopped: true }, rail);
    await setPaused(db.database, false, bob);
    const control = await readControl(db.database);
    assert.equal(control.paused, false);
    assert.equal(control.fallbackStopped?.reason, rail.reason);
    assert.equal(control.sendingStopped.EMAIL?.by, rail.by);
    assert.equal(control.sendingStopped.SMS, null);
  });

  it('remember from when the guard rail counts after a person let the fallback go on', async () => {
    await setFallbackStopped(db.database, true, rail);
    assert.equal((await readControl(db.database)).fallbackResumedAt, null);
    await setFallbackStopped(db.database, false, bob);
    const { fallbackStopped, fallbackResumedAt } = await readControl(db.database);
    assert.equal(fallbackStopped, null);
    assert.ok(fallbackResumedAt);
  });

  for (const channel of ['EMAIL', 'SMS'] as const)
    it(`stop and release ${channel} alone`, async () => {
      assert.equal(await setSendingStopped(db.database, { channel, stopped: true }, rail), true);
      const stopped = await readControl(db.database);
      assert.deepEqual(
        Object.entries(stopped.sendingStopped).flatMap(([name, thrown]) => (thrown ? [name] : [])),
        [channel],
      );
      assert.equal(await setSendingStopped(db.database, { channel, stopped: false }, rail), true);
      assert.equal((await readControl(db.database)).sendingStopped[channel], null);
    });

  it('thrown by many at once tell just one of them that it did it', async () => {
    const told = await Promise.all(
      Array.from({ length: 8 }, () => setFallbackStopped(db.database, true, rail)),
    );
    assert.equal(told.filter(Boolean).length, 1);
  });

  it('are one row, whatever happens', async () => {
    await setPaused(db.database, true, alice);
    await setFallbackStopped(db.database, true, rail);
    assert.equal(await askValue<number>(db.database, 'select count(*)::int from control'), 1);
    await assert.rejects(ask(db.database, 'insert into control (only_row) values (false)'), {
      constraint: 'control_only_row_check',
    });
  });
});

describe('the table of switches refuses', () => {
  const illegal: readonly (readonly [string, string])[] = [
    ['insert into control (paused_at) values (now())', 'pause_is_signed'],
    [`insert into control (pause_reason) values ('why')`, 'pause_is_signed'],
    [`insert into control (fallback_stopped_by) values ('x')`, 'fallback_stop_is_signed'],
    ['insert into control (email_stopped_at) values (now())', 'email_stop_is_signed'],
    [`insert into control (sms_stop_reason) values ('why')`, 'sms_stop_is_signed'],
    ['insert into control (resumed_at) values (now())', 'resume_is_signed'],
  ];
  for (const [statement, constraint] of illegal)
    it(statement, () => assert.rejects(ask(db.database, statement), { constraint }));
});
