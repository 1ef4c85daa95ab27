import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChannelBrake } from '../../../src/policy/brake/channelBrake.ts';
import { noOutcomes } from '../../../src/policy/brake/outcome.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { createBrake, noLimits, prove, usualLimits, wordOf } from '../../support/brakeRows.ts';
import { FixedQuota } from '../../support/fixedQuota.ts';

const accepted = { kind: 'accepted' } as const;
const broken = { kind: 'unknown', reason: 'HTTP_500', cause: 'HTTP 500: oops' } as const;
const notOurs = { kind: 'misconfigured', reason: 'HTTP_403', scope: 'settingsOrBill' } as const;

/** Sends and answers one bill. */
function answer(brake: ChannelBrake, given: SendAnswer) {
  const start = brake.start();
  assert.ok(start, 'a send may begin');
  return brake.recordAnswer(given, start);
}

function openBrake() {
  let news = 0;
  const brake = createBrake();
  brake.onNews(() => void news++);
  brake.applyWord(wordOf());
  return { brake, news: () => news };
}

describe('a brake', () => {
  it('lets nothing start before it has heard from the cluster, nor in a pause', () => {
    const brake = createBrake();
    assert.deepEqual([brake.admit(10, 0).count, brake.start()], [0, undefined]);
    brake.applyWord(wordOf());
    assert.equal(brake.admit(10, 0).count, 10);
    brake.applyWord(wordOf({ isPaused: true }));
    assert.deepEqual([brake.admit(10, 0).count, brake.start()], [0, undefined]);
  });

  it('stops at the twentieth bad answer in a row, at once and before the cluster knows', () => {
    const { brake, news } = openBrake();
    for (let bad = 1; bad < 20; bad++) assert.equal(answer(brake, broken).isBraked, false);
    assert.equal(answer(brake, broken).isBraked, true);
    assert.deepEqual(brake.trip, { kind: 'unknown', cause: 'HTTP 500: oops' });
    assert.deepEqual([brake.admit(10, 0).count, brake.start(), news()], [0, undefined, 1]);
  });

  it('stays on until the cluster, which knows of it, says otherwise', () => {
    const { brake } = openBrake();
    for (let bad = 0; bad < 20; bad++) answer(brake, broken);
    brake.applyWord(wordOf());
    assert.equal(brake.start(), undefined, 'what was read before the cluster knew says nothing');
    brake.markReported();
    assert.deepEqual([brake.trip, brake.start()], [undefined, undefined]);
    brake.applyWord(wordOf({ kind: 'unknown' }));
    assert.equal(brake.start(), undefined);
    brake.applyWord(wordOf({ releasedAtMs: 1 }));
    assert.ok(brake.start());
  });

  it('is not put on by isolated bad answers, nor by what was sent before it was released', () => {
    const { brake } = openBrake();
    for (let round = 0; round < 200; round++) {
      answer(brake, broken);
      for (let good = 0; good < 9; good++) answer(brake, accepted);
    }
    assert.equal(brake.trip, undefined);
    const old = brake.start();
    assert.ok(old);
    brake.applyWord(wordOf({ releasedAtMs: 1 }));
    for (let late = 0; late < 50; late++) brake.recordAnswer(broken, old);
    assert.equal(brake.trip, undefined);
  });

  it('stops by the outcomes of other dispatchers, if it has few', () => {
    const { brake } = openBrake();
    answer(brake, broken);
    brake.applyWord(wordOf({ others: { ...noOutcomes, unknown: 19 } }));
    assert.equal(brake.trip?.kind, 'unknown');
  });

  it('weighs its own bad answers against the good ones of others', () => {
    const { brake } = openBrake();
    brake.applyWord(wordOf({ others: { ...noOutcomes, accepted: 1_000 } }));
    for (let bad = 0; bad < 19; bad++) answer(brake, broken);
    assert.equal(brake.trip, undefined);
  });

  it('says how many of the last ones were bad if these stop it, and not the share of a minute', () => {
    const { brake } = openBrake();
    brake.applyWord(wordOf({ others: { ...noOutcomes, accepted: 4_906, refused: 271 } }));
    for (let bad = 0; bad < 20; bad++) answer(brake, { kind: 'refused', reason: 'GONE' });
    assert.deepEqual(brake.trip, { kind: 'refusals', cause: '20 of the last 20 refused: GONE' });
    const { brake: minute } = openBrake();
    minute.applyWord(wordOf({ others: { ...noOutcomes, accepted: 60, refused: 40 } }));
    assert.equal(minute.trip?.cause, '40 of 100 refused: see the log of the other dispatchers');
  });

  it('forgets its pace when a person releases it, and says that there is room', async () => {
    let room = 0;
    const brake = createBrake();
    brake.onOpened(() => void room++);
    brake.applyWord(wordOf());
    const tooMany = {
      kind: 'notSent',
      reason: 'HTTP_429',
      trouble: 'pace',
      retryAfterMs: 3_600_000,
    } as const;
    for (let bill = 0; bill < 3; bill++) answer(brake, tooMany);
    assert.deepEqual([brake.paceFacts?.cause, brake.admit(10, 0).count, room], ['HTTP_429', 0, 1]);
    brake.applyWord(wordOf({ releasedAtMs: 1 }));
    assert.deepEqual([brake.paceFacts, brake.admit(10, 0).count, room], [undefined, 10, 2]);
    await brake.gate.stop();
  });

  it('obeys another limit of turns to SMS as soon as it hears of it', () => {
    const { brake } = openBrake();
    brake.applyWord(wordOf({ limits: { ...usualLimits, smsTurns: 0.6 } }));
    for (let bill = 0; bill < 400; bill++) {
      if (bill % 2 === 0) assert.equal(brake.recordTurn(), true);
      else answer(brake, accepted);
    }
    brake.applyWord(wordOf());
    assert.equal(brake.trip?.kind, 'smsTurns');
    assert.equal(brake.recordTurn(), false, 'it stays an e-mail until a person has looked');
  });

  it('for a provider in trouble does not keep bills without an address from turning to SMS', () => {
    const brake = createBrake();
    brake.applyWord(wordOf({ kind: 'unreachable' }));
    assert.equal(brake.recordTurn(), true);
  });

  it('says of a bill that is not taken whether others are', () => {
    const { brake } = openBrake();
    assert.equal(answer(brake, notOurs).othersPass, false);
    answer(brake, accepted);
    assert.equal(answer(brake, notOurs).othersPass, true);
  });
});

describe('a slow start', () => {
  it('has fifty in flight and as many prepared, until good answers have come', () => {
    const { brake } = openBrake();
    assert.equal(brake.admit(10_000, 0).count, 100);
    assert.equal(brake.admit(10_000, 60).count, 40);
    for (let good = 0; good < 50; good++) answer(brake, accepted);
    assert.equal(brake.admit(10_000, 0).count, 200);
    prove(brake);
    assert.equal(brake.admit(10_000, 0).count, 10_000);
  });

  it('comes again after a brake and after a pause', () => {
    const { brake } = openBrake();
    for (const closing of [{ kind: 'unknown' }, { isPaused: true }] as const) {
      prove(brake);
      brake.applyWord(wordOf(closing));
      brake.applyWord(wordOf());
      assert.equal(brake.admit(10_000, 0).count, 100);
    }
  });

  it('is not helped by refusals, unless any share of them is ordinary', () => {
    const { brake } = openBrake();
    for (let refusal = 0; refusal < 10; refusal++) answer(brake, { kind: 'refused', reason: 'R' });
    assert.equal(brake.admit(10_000, 0).count, 100);
    const easy = createBrake();
    easy.applyWord(wordOf({ limits: { ...usualLimits, refusals: 1, smsTurns: 1 } }));
    for (let refusal = 0; refusal < 10; refusal++) answer(easy, { kind: 'refused', reason: 'R' });
    assert.equal(easy.admit(10_000, 0).count, 120);
  });
});

describe('a trial', () => {
  const chance = { brake: 'EMAIL' as const, expiresAtMs: Number.POSITIVE_INFINITY, intervalMs: 5_000 };

  it('is wanted of a provider in trouble, and not if a person must look, or has paused', () => {
    const wants = (word: Parameters<typeof wordOf>[0]) => {
      const brake = createBrake();
      brake.applyWord(wordOf(word));
      return brake.wantsTrial;
    };
    assert.equal(wants({ kind: 'settings' }), true);
    assert.equal(wants({ kind: 'refusals' }), false);
    assert.equal(wants({ kind: 'smsTurns' }), false);
    assert.equal(wants({ kind: 'settings', isPaused: true }), false);
    assert.equal(wants({}), false);
  });

  it('lets one bill through, and ends with what became of it', async () => {
    const brake = createBrake();
    brake.applyWord(wordOf({ kind: 'unknown' }));
    brake.grantTrial(chance);
    const { count, trial } = brake.admit(500, 0);
    assert.deepEqual([count, brake.admit(500, 1).count], [1, 0]);
    assert.ok(trial);
    assert.equal(await brake.takeSlots(1, { careful: false }, trial), 1);
    const start = brake.start(trial);
    assert.ok(start);
    assert.equal(brake.recordAnswer(broken, start).isBraked, true);
    assert.deepEqual(brake.takeEndedTrial()?.result, { kind: 'unknown', cause: 'HTTP 500: oops' });
    assert.equal(brake.takeEndedTrial(), undefined);
  });

  it('waits until the day has room', () => {
    const dayQuota = new FixedQuota(0);
    const brake = createBrake({ dayQuota });
    brake.applyWord(wordOf({ kind: 'unknown' }));
    brake.grantTrial(chance);
    assert.equal(brake.admit(1, 0).trial, undefined);
    dayQuota.renew(1);
    assert.ok(brake.admit(1, 0).trial);
  });

  it('that is refused says nothing of how the provider is: only an acceptance opens', () => {
    const brake = createBrake();
    brake.applyWord(wordOf({ kind: 'unknown' }));
    brake.grantTrial(chance);
    const { trial } = brake.admit(1, 0);
    const start = brake.start(trial);
    assert.ok(start);
    brake.recordAnswer({ kind: 'refused', reason: 'R' }, start);
    assert.equal(brake.takeEndedTrial()?.result, undefined);
  });
});

describe('a brake with a number per day', () => {
  it('admits no more than the day has left, and has room again for what was not sent', async () => {
    const dayQuota = new FixedQuota(2);
    const brake = createBrake({ dayQuota });
    brake.applyWord(wordOf());
    assert.equal(brake.admit(10, 0).count, 2);
    const slots = await brake.takeSlots(2, { careful: false });
    assert.deepEqual([slots, dayQuota.left, brake.admit(10, 2).count], [2, 0, 0]);
    answer(brake, { kind: 'notSent', reason: 'HTTP_503', cause: 'HTTP 503' });
    answer(brake, broken);
    answer(brake, notOurs);
    assert.equal(dayQuota.left, 2);
  });
});

describe('a provider that takes many at a time', () => {
  it('gets twice as many once it has proven that it works, not all of them', () => {
    const brake = createBrake({ capacity: 8_000 });
    brake.applyWord(wordOf());
    prove(brake);
    assert.equal(brake.admit(20_000, 0).count, 1_600);
  });

  it('gets more while all are used and it is as quick as before, and fewer if many fail', async (t) => {
    const clock = performance.now.bind(performance);
    let aheadMs = 0;
    t.mock.method(performance, 'now', () => clock() + aheadMs);
    const brake = createBrake({ capacity: 8_000, limits: noLimits });
    brake.applyWord(wordOf({ limits: noLimits }));
    prove(brake);
    const round = async (given: SendAnswer): Promise<number> => {
      const slots = await brake.takeSlots(20_000, { careful: false });
      aheadMs += 520;
      for (let send = 0; send < 30; send++) answer(brake, given);
      brake.release(slots);
      return slots;
    };
    // What is answered in one round is judged at the first answer of the next one.
    const given = [accepted, accepted, broken, broken, broken];
    const slots: number[] = [];
    for (const each of given) slots.push(await round(each));
    assert.deepEqual(slots, [800, 1_600, 3_200, 6_400, 3_200]);
  });
});
