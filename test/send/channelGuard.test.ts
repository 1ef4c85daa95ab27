import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readControl, setSendingStopped } from '../../src/db/control.ts';
import type { Database } from '../../src/db/database.ts';
import { type ChannelGuard, createChannelGuard } from '../../src/send/channelGuard.ts';
import { captureLog } from '../support/capturedLog.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const guards: ChannelGuard[] = [];
const signed = { by: 'person test', reason: 'a test' };
beforeEach(async () => {
  for (const channel of ['EMAIL', 'SMS'] as const)
    await setSendingStopped(db.database, { channel, stopped: false }, signed);
});
afterEach(() => {
  for (const guard of guards.splice(0)) guard.stop();
});

const stoppedMessage =
  'channel stopped: the provider refuses our settings; mend them, or `billcast resume --channel`';
const goesOnMessage = 'channel goes on: the provider takes messages again';
const wrongToken = { kind: 'misconfigured', reason: 'HTTP_401' } as const;
const accepted = { kind: 'accepted' } as const;

/** A guard whose first trial comes at once, or never while the test runs. */
const create = (firstTrialMs = 600_000) => {
  const trials = new EventEmitter();
  const captured = captureLog();
  const statements: string[] = [];
  const query: Database['query'] = (statement, values) => {
    statements.push(statement.name);
    return db.database.query(statement, values);
  };
  const onTrial = () => void trials.emit('trial');
  const guard = createChannelGuard({
    ...{ database: { ...db.database, query }, log: captured.log, name: 'host:1', onTrial, firstTrialMs },
  });
  guards.push(guard);
  return { guard, ...captured, statements, trial: () => once(trials, 'trial') };
};

describe('a channel whose provider refuses our settings', () => {
  it('is stopped here at once and over the cluster, said loudly once', async () => {
    const { guard, line, lines, statements } = create();
    assert.equal(guard.admit('EMAIL', 250), 250);
    for (let index = 0; index < 100; index++) guard.answered('EMAIL', wrongToken);
    assert.deepEqual([guard.admit('EMAIL', 250), guard.admit('SMS', 250)], [0, 250]);
    const said = await line(stoppedMessage);
    assert.deepEqual([said.level, said.channel, said.answer], [50, 'EMAIL', 'HTTP_401']);
    const { EMAIL, SMS } = (await readControl(db.database)).sendingStopped;
    assert.equal(EMAIL?.by, 'dispatcher host:1');
    assert.match(EMAIL?.reason ?? '', /refuses our settings \(HTTP_401\)/);
    assert.equal(SMS, null);
    assert.equal(lines.length, 1);
    assert.equal(statements.length, 1, 'one answer speaks for all');
  });

  it('is stopped by what another dispatcher was answered, and let go by a person', async () => {
    const { guard } = create();
    await setSendingStopped(db.database, { channel: 'SMS', stopped: true }, signed);
    guard.obey(await readControl(db.database));
    assert.deepEqual([guard.admit('EMAIL', 9), guard.admit('SMS', 9)], [9, 0]);
    await setSendingStopped(db.database, { channel: 'SMS', stopped: false }, signed);
    guard.obey(await readControl(db.database));
    assert.equal(guard.admit('SMS', 9), 9);
  });

  it('is not let go by an answer to what was sent before the stop', async () => {
    const { guard, line } = create();
    guard.answered('EMAIL', wrongToken);
    await line(stoppedMessage);
    guard.answered('EMAIL', accepted);
    assert.equal(guard.admit('EMAIL', 9), 0);
    assert.notEqual((await readControl(db.database)).sendingStopped.EMAIL, null);
  });
});

describe('a trial of a stopped channel', () => {
  it('lets a few bills through, and no more', async () => {
    const { guard, trial } = create(1);
    const begun = trial();
    guard.answered('EMAIL', wrongToken);
    await begun;
    assert.deepEqual(
      [guard.admit('EMAIL', 4), guard.admit('EMAIL', 250), guard.admit('EMAIL', 250)],
      [4, 6, 0],
    );
  });

  it('lets the channel go on when one of them is judged, and says so', async () => {
    for (const verdict of [accepted, { kind: 'refused', reason: 'HTTP_422' }] as const) {
      const { guard, line, trial } = create(1);
      const begun = trial();
      guard.answered('EMAIL', wrongToken);
      await Promise.all([begun, line(stoppedMessage)]);
      guard.answered('EMAIL', verdict);
      await line(goesOnMessage);
      assert.equal(guard.admit('EMAIL', 250), 250);
      const { sendingStopped, resumed } = await readControl(db.database);
      assert.equal(sendingStopped.EMAIL, null);
      assert.equal(resumed?.by, 'dispatcher host:1');
    }
  });

  it('ends when the provider refuses again, or has taken nothing', async () => {
    const { guard, trial } = create(1);
    const begun = trial();
    guard.answered('EMAIL', wrongToken);
    await begun;
    for (const answer of [
      { kind: 'notSent', reason: 'HTTP_503' },
      { kind: 'unknown', reason: 'HTTP_500' },
    ] as const)
      guard.answered('EMAIL', answer);
    assert.notEqual(guard.admit('EMAIL', 250), 250, 'neither says that the settings are right');
    guard.answered('EMAIL', wrongToken);
    assert.equal(guard.admit('EMAIL', 250), 0);
  });

  it('comes ever more seldom', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const trialsAt: number[] = [];
    let nowMs = 0;
    const guard = createChannelGuard({
      ...{ database: db.database, log: captureLog().log, name: 'host:1' },
      onTrial: () => void trialsAt.push(nowMs),
    });
    guards.push(guard);
    const stopped = { since: new Date(), by: 'dispatcher host:2', reason: null };
    guard.obey({ sendingStopped: { EMAIL: stopped, SMS: null } });
    for (; nowMs <= 1_000_000; nowMs += 5_000) {
      if (nowMs > 0) t.mock.timers.tick(5_000);
    }
    assert.deepEqual(trialsAt, [5_000, 15_000, 35_000, 75_000, 155_000, 315_000, 615_000, 915_000]);
  });
});
