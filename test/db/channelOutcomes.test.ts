import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { releaseBrakes, tripBrake } from '../../src/db/brake.ts';
import { readChannelWords, selectPaces, writeOutcomes } from '../../src/db/channelOutcomes.ts';
import { brakeStatesOf } from '../../src/db/reads/brakeStates.ts';
import { expectSms } from '../../src/db/smsExpectation.ts';
import { noOutcomes, type OutcomeCounts } from '../../src/policy/brake/outcome.ts';
import { ask, askValue } from '../support/ask.ts';
import { newDispatcherId } from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { oneProvider } from '../support/testLanes.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() =>
  ask(db.database, 'delete from channel_outcome; delete from brake; delete from sms_expectation'),
);

function bucketOf(bucket: number, counts: Partial<OutcomeCounts>) {
  return { route: 'EMAIL', bucket, counts: { ...noOutcomes, ...counts } } as const;
}
async function wordFor(dispatcher = newDispatcherId()) {
  const [email] = await readChannelWords(db.database, dispatcher, ['EMAIL', 'SMS']);
  assert.ok(email);
  return email;
}

describe('what bills came to', () => {
  it('is the sum over the other dispatchers; a bucket that is written again counts once', async () => {
    const [one, another] = [newDispatcherId(), newDispatcherId()];
    await writeOutcomes(db.database, one, [bucketOf(0, { accepted: 3 })]);
    await writeOutcomes(db.database, one, [
      bucketOf(0, { accepted: 5, unknown: 1 }),
      bucketOf(1, { refused: 2 }),
    ]);
    await writeOutcomes(db.database, another, [bucketOf(0, { accepted: 10 })]);
    assert.deepEqual((await wordFor()).others, { ...noOutcomes, accepted: 15, unknown: 1, refused: 2 });
    assert.deepEqual((await wordFor(one)).others, { ...noOutcomes, accepted: 10 });
  });

  it('counts for a minute, is kept for two, and counts no more once the brake was released', async () => {
    const one = newDispatcherId();
    await writeOutcomes(db.database, one, [bucketOf(0, { unknown: 1 }), bucketOf(1, { unknown: 1 })]);
    await ask(db.database, `update channel_outcome set at = now() - interval '61 seconds' where bucket = 0`);
    assert.equal((await wordFor()).others.unknown, 1);
    await ask(db.database, `update channel_outcome set at = now() - interval '3 minutes' where bucket = 0`);
    await writeOutcomes(db.database, one, [bucketOf(2, { unknown: 1 })]);
    assert.equal(await askValue(db.database, 'select count(*)::int from channel_outcome'), 2);
    await releaseBrakes(db.database, ['EMAIL'], { by: 'person alice' });
    assert.equal((await wordFor()).others.unknown, 0);
  });

  it('comes with how the brake stands', async () => {
    const trip = { brake: 'EMAIL', kind: 'unknown', cause: 'HTTP 500', by: 'dispatcher host:1' } as const;
    await tripBrake(db.database, { ...trip, firstTrialMs: 0 });
    const word = await wordFor();
    assert.deepEqual([word.kind, word.isTrialDue, word.releasedAt], ['unknown', true, null]);
    await releaseBrakes(db.database, ['EMAIL'], { by: 'person alice' });
    const released = await wordFor();
    assert.deepEqual([released.kind, released.isTrialDue], [null, false]);
    assert.ok(released.releasedAt);
  });

  it('has the pace that 429 answers leave, summed over the dispatchers', async () => {
    const pace = { perSecond: 20, cause: 'HTTP 429', since: new Date() };
    for (let dispatcher = 0; dispatcher < 2; dispatcher++) {
      await writeOutcomes(db.database, newDispatcherId(), [{ ...bucketOf(0, { limited: 1 }), pace }]);
    }
    await writeOutcomes(db.database, newDispatcherId(), [bucketOf(0, { accepted: 1 })]);
    const paces = await selectPaces(db.database);
    assert.deepEqual(
      paces.map(({ route, perSecond }) => [route, perSecond]),
      [['EMAIL', 40]],
    );
    const { EMAIL, SMS } = brakeStatesOf({ ladder: standardLadder, providers: oneProvider }, [], paces);
    assert.deepEqual([EMAIL.on, EMAIL.kind, EMAIL.cause], [true, 'pace', 'HTTP 429; 40.0 bills a second']);
    assert.equal(SMS.on, false);
  });
});

describe('the share of SMS that is expected', () => {
  const expected = async () => (await wordFor()).expectedSmsShare;

  it('is that of the month published last, and stays until another is said', async () => {
    assert.equal(await expected(), null);
    assert.equal(await expectSms(db.database, { month: '2026-11-01', share: 0.35 }), 0.35);
    assert.equal(await expected(), 0.35);
    assert.equal(await expectSms(db.database, { month: '2026-11-01' }), 0.35);
    assert.equal(await expectSms(db.database, { month: '2026-12-01' }), null);
    assert.equal(await expected(), null);
  });
});
