import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readControl, setPaused } from '../../src/db/control.ts';
import { ask, askValue } from '../support/ask.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from control'));

const alice = { by: 'person alice', reason: 'maintenance' };
const bob = { by: 'person bob' };

describe('the pause', () => {
  it('is off if nobody has paused', async () => {
    const control = await readControl(db.database);
    assert.deepEqual(control, {
      paused: false,
      pause: null,
      resumed: null,
    });
  });

  it('says since when, by whom and why', async () => {
    assert.equal(await setPaused(db.database, true, alice), true);
    const { paused, pause } = await readControl(db.database);
    assert.equal(paused, true);
    assert.deepEqual([pause?.by, pause?.reason], ['person alice', 'maintenance']);
    assert.ok(pause && Math.abs(Date.now() - pause.since.getTime()) < 60_000);
  });

  it('keeps the first who paused, and says that a second pause changed nothing', async () => {
    await setPaused(db.database, true, alice);
    const before = await readControl(db.database);
    assert.equal(await setPaused(db.database, true, bob), false);
    assert.deepEqual(await readControl(db.database), before);
  });

  it('ends once, and says who ended it', async () => {
    await setPaused(db.database, true, alice);
    assert.equal(await setPaused(db.database, false, bob), true);
    assert.equal(await setPaused(db.database, false, alice), false);
    const { paused, pause, resumed } = await readControl(db.database);
    assert.deepEqual([paused, pause, resumed?.by, resumed?.reason], [false, null, 'person bob', null]);
  });

  it('by many at once reports success to one of them only', async () => {
    const told = await Promise.all(Array.from({ length: 8 }, () => setPaused(db.database, true, alice)));
    assert.equal(told.filter(Boolean).length, 1);
  });

  it('is one row, whatever happens', async () => {
    await setPaused(db.database, true, alice);
    await setPaused(db.database, true, bob);
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
  for (const [statement, constraint] of illegal) {
    it(statement, () => assert.rejects(ask(db.database, statement), { constraint }));
  }
});
