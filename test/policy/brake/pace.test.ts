import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidePace, isLimited, type Pace } from '../../../src/policy/brake/pace.ts';

function sampleOf(accepted: number, limited: number, seconds = 1) {
  return { accepted, limited, seconds };
}
function paceOf(perSecond: number, facts: Partial<Pace> = {}): Pace {
  return {
    perSecond,
    ceiling: perSecond,
    limitedAtMs: 0,
    ...facts,
  };
}
function nextOf(pace: Pace | undefined, sample: ReturnType<typeof sampleOf>, nowMs = 0) {
  const decision = decidePace(pace, sample, nowMs);
  if (decision.kind === 'keep' || decision.kind === 'over') return decision.kind;
  return Math.round(decision.pace.perSecond * 100) / 100;
}

describe('the pace', () => {
  it('takes a few 429 among many acceptances for nothing', () => {
    assert.equal(isLimited(sampleOf(100, 2)), false);
    assert.equal(isLimited(sampleOf(1_000, 50)), false);
    assert.equal(isLimited(sampleOf(40, 3)), true);
    assert.equal(nextOf(undefined, sampleOf(1_000, 10)), 'keep');
  });

  it('begins with what the provider took', () => {
    assert.equal(nextOf(undefined, sampleOf(50, 50, 0.1)), 47.5);
    assert.equal(nextOf(undefined, sampleOf(500, 50, 10)), 47.5);
  });

  it('falls to the share that was taken, and to half at the most', () => {
    assert.equal(nextOf(paceOf(100), sampleOf(90, 10)), 85.5);
    assert.equal(nextOf(paceOf(100), sampleOf(0, 10)), 47.5);
  });

  it('grows while all is taken, and not if it is not used', () => {
    assert.equal(nextOf(paceOf(100), sampleOf(100, 0)), 101.5);
    assert.equal(nextOf(paceOf(10, { ceiling: 100 }), sampleOf(10, 0)), 12.5);
    assert.equal(nextOf(paceOf(10, { ceiling: undefined }), sampleOf(10, 0)), 20);
    assert.equal(nextOf(paceOf(100), sampleOf(10, 0)), 'keep');
  });

  it('is over when nothing was refused for five minutes', () => {
    assert.equal(nextOf(paceOf(100), sampleOf(1, 0), 300_001), 'over');
  });
});

interface Sender {
  readonly queue: { tries: number; atMs: number }[];
  pace: Pace | undefined;
  sinceMs: number;
  accepted: number;
  limited: number;
  heldUntilMs: number;
  nextMs: number;
}

/** Senders of one backlog and a token bucket, a millisecond at a time. Each decides by the real rule. */
function simulate({ senders, bills, perSecond }: { senders: number; bills: number; perSecond: number }) {
  let tokens = perSecond;
  let done = 0;
  let mostTries = 0;
  const all: Sender[] = Array.from({ length: senders }, (_, index) => ({
    queue: Array.from({ length: Math.floor(bills / senders) + (index < bills % senders ? 1 : 0) }, () => ({
      tries: 0,
      atMs: 0,
    })),
    pace: undefined,
    sinceMs: 0,
    accepted: 0,
    limited: 0,
    heldUntilMs: 0,
    nextMs: 0,
  }));
  const decide = (sender: Sender, nowMs: number, holdMs: number): void => {
    const sample = sampleOf(sender.accepted, sender.limited, (nowMs - sender.sinceMs) / 1_000);
    const decision = decidePace(sender.pace, sample, nowMs);
    if (decision.kind === 'keep') return;
    sender.pace = decision.kind === 'over' ? undefined : decision.pace;
    sender.heldUntilMs = decision.kind === 'held' ? nowMs + holdMs : 0;
    Object.assign(sender, { sinceMs: Math.max(nowMs, sender.heldUntilMs), accepted: 0, limited: 0 });
  };
  const sendOne = (sender: Sender, nowMs: number): boolean => {
    const index = sender.queue.findIndex(({ atMs }) => atMs <= nowMs);
    const [bill] = index < 0 ? [] : sender.queue.splice(index, 1);
    if (bill === undefined) return false;
    if (sender.pace !== undefined) {
      const rate = sender.pace.perSecond * (bill.tries > 0 ? 0.6 : 1);
      sender.nextMs = Math.max(sender.nextMs, nowMs - 20) + 1_000 / rate;
    }
    bill.tries++;
    mostTries = Math.max(mostTries, bill.tries);
    if (tokens >= 1) {
      tokens--;
      done++;
      sender.accepted++;
      return true;
    }
    sender.limited++;
    sender.queue.push({ ...bill, atMs: nowMs + 1_000 });
    if (isLimited(sampleOf(sender.accepted, sender.limited))) decide(sender, nowMs, 1_000);
    return true;
  };
  let nowMs = 0;
  for (; done < bills && nowMs < 1_000_000; nowMs++) {
    tokens = Math.min(perSecond, tokens + perSecond / 1_000);
    for (const sender of all) {
      if (sender.pace !== undefined && nowMs - sender.sinceMs >= 1_000) decide(sender, nowMs, 0);
      for (let burst = 0; burst < 50; burst++) {
        if (nowMs < sender.heldUntilMs || (sender.pace !== undefined && nowMs < sender.nextMs)) break;
        if (!sendOne(sender, nowMs)) break;
      }
    }
  }
  return { seconds: nowMs / 1_000, mostTries };
}

describe('a provider of fifty a second', () => {
  for (const senders of [1, 2]) {
    it(`takes 5,000 bills of ${senders} in about 100 s, each in two tries at most`, () => {
      const { seconds, mostTries } = simulate({ senders, bills: 5_000, perSecond: 50 });
      assert.ok(seconds > 95 && seconds < 130, `${seconds} s`);
      assert.ok(mostTries <= 2, `${mostTries} tries`);
    });
  }
});
