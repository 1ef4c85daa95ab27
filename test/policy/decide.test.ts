import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from '../../src/policy/decide.ts';
import { claimOf } from '../support/claims.ts';
import { standardLadder } from '../support/standardLadder.ts';

const policy = {
  options: {
    ladder: standardLadder,
    retransmit: { delayMs: 600_000, maxCycles: 3 },
    cycleMaxAgeMs: 86_400_000,
  },
  random: 0,
  isBraked: false,
  othersPass: false,
};

describe('decide', () => {
  it('given back by a provider that keeps a pace: no attempt, and the same channel', () => {
    const answer = {
      kind: 'notSent',
      reason: 'DOMAIN_PACE',
      retryAfterMs: 1_500,
      isGivenBack: true,
    } as const;
    assert.deepEqual(decide(answer, claimOf({ attempts: 4 }), policy), {
      transition: 'held',
      delayMs: 1_500,
    });
  });

  for (const channel of ['EMAIL', 'SMS'] as const) {
    it(`accepted by ${channel}: with the provider's id, if there is one`, () => {
      assert.deepEqual(decide({ kind: 'accepted', providerId: 'p' }, claimOf({ channel }), policy), {
        transition: 'accepted',
        providerId: 'p',
      });
      assert.equal(decide({ kind: 'accepted' }, claimOf({ channel }), policy).transition, 'accepted');
    });

    it(`unknown by ${channel}: in doubt, whatever the cycle`, () => {
      const answer = { kind: 'unknown', reason: 'TIME_OUT' } as const;
      assert.deepEqual(decide(answer, claimOf({ channel, cycle: 3 }), policy), {
        transition: 'unknown',
        reason: 'TIME_OUT',
      });
    });

    it(`not sent by ${channel}: again after the back-off of this attempt`, () => {
      const answer = { kind: 'notSent', reason: 'NO_CONNECTION' } as const;
      const decided = [0, 1, 2].map((attempts) => decide(answer, claimOf({ channel, attempts }), policy));
      assert.deepEqual(
        decided.map(({ transition, reason, delayMs }) => [transition, reason, delayMs]),
        [1_000, 2_000, 4_000].map((delayMs) => ['notSent', 'NO_CONNECTION', delayMs]),
      );
    });
  }

  it('misconfigured while nobody passes: again, however old the cycle, since nothing is wrong with the bill', () => {
    const answer = { kind: 'misconfigured', reason: 'HTTP_401', scope: 'settingsOrBill' } as const;
    const claim = claimOf({ attempts: 4, triedMs: policy.options.cycleMaxAgeMs + 1 });
    assert.deepEqual(decide(answer, claim, policy), {
      transition: 'notSent',
      reason: 'HTTP_401',
      delayMs: 16_000,
    });
  });

  it('misconfigured while others pass: after five tries it is about this bill alone', () => {
    const answer = { kind: 'misconfigured', reason: 'HTTP_403', scope: 'settingsOrBill' } as const;
    const others = { ...policy, othersPass: true };
    assert.equal(decide(answer, claimOf({ attempts: 3 }), others).transition, 'notSent');
    assert.deepEqual(decide(answer, claimOf({ attempts: 4 }), others), {
      transition: 'exhausted',
      reason: 'PROVIDER_REJECTS_BILL',
    });
    const settings = { ...answer, scope: 'settings' } as const;
    assert.equal(decide(settings, claimOf({ attempts: 4 }), others).transition, 'notSent');
  });

  it('not taken by a channel whose brake is on: waits, and neither the attempt nor its age counts', () => {
    const braked = { ...policy, isBraked: true, othersPass: true };
    const old = claimOf({ attempts: 9, triedMs: policy.options.cycleMaxAgeMs + 1 });
    for (const answer of [
      { kind: 'misconfigured', reason: 'HTTP_401' },
      { kind: 'notSent', reason: 'NO_CONNECTION', trouble: 'unreachable' },
    ] as const) {
      assert.deepEqual(decide(answer, old, braked), {
        transition: 'braked',
        reason: answer.reason,
        delayMs: 2_000,
      });
    }
  });

  it('not sent while the brake is on, but without trouble: an attempt as any other', () => {
    const answer = { kind: 'notSent', reason: 'BUSY' } as const;
    assert.equal(decide(answer, claimOf(), { ...policy, isBraked: true }).transition, 'notSent');
  });

  it('not sent: never sooner than the provider asks for', () => {
    const answer = { kind: 'notSent', reason: 'BUSY', retryAfterMs: 90_000 } as const;
    assert.equal(decide(answer, claimOf(), policy).delayMs, 90_000);
  });

  it('not sent for longer than a cycle may last: given up, and never an SMS', () => {
    const answer = { kind: 'notSent', reason: 'NO_CONNECTION' } as const;
    const atLimit = claimOf({ triedMs: 86_400_000 });
    assert.equal(decide(answer, atLimit, policy).transition, 'notSent');
    assert.deepEqual(decide(answer, claimOf({ triedMs: 86_400_001, cycle: 2 }), policy), {
      transition: 'exhausted',
      reason: 'ATTEMPTS_EXHAUSTED',
      delayMs: 1_200_000,
    });
  });

  it('e-mail refused: the turn of SMS, in every cycle', () => {
    for (const cycle of [1, 2, 3]) {
      assert.deepEqual(decide({ kind: 'refused', reason: 'HARD_BOUNCE' }, claimOf({ cycle }), policy), {
        transition: 'refusedToNext',
        reason: 'EMAIL_REFUSED',
        next: 'SMS',
      });
    }
  });

  it('SMS refused: FAILED, retransmitted later each cycle, and not after the last', () => {
    const decided = [1, 2, 3].map((cycle) =>
      decide({ kind: 'refused', reason: 'NO_SUCH_NUMBER' }, claimOf({ channel: 'SMS', cycle }), policy),
    );
    assert.deepEqual(
      decided.map(({ transition, reason, delayMs }) => [transition, reason, delayMs]),
      [600_000, 1_200_000, undefined].map((delayMs) => ['refusedForGood', 'SMS_REFUSED', delayMs]),
    );
  });
});
