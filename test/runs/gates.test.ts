import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type CanaryOutcomes,
  gateNames,
  holdOfGate,
  judgeCanary,
  judgeRecent,
  sentencesOf,
} from '../../src/runs/gates.ts';
import { usualGates } from '../../src/runs/plan.ts';

const none = { refused: 0, unknown: 0, turned: 0, policy: 0, failed: 0, bounced: 0 };

function canary(changes: Partial<CanaryOutcomes> = {}): CanaryOutcomes {
  return { bills: 1_000, onTheirWay: 0, waiting: 0, counts: none, reasons: {}, ...changes };
}
function judge(changes: Partial<CanaryOutcomes>) {
  return judgeCanary(canary(changes), usualGates);
}

describe('gates', () => {
  it('let a canary pass whose shares are at their limits', () => {
    const counts = { refused: 50, unknown: 20, turned: 200, policy: 10, failed: 10, bounced: 50 };
    assert.equal(judge({ counts }).kind, 'passed');
  });

  for (const gate of gateNames) {
    it(`trip by ${gate} above its limit`, () => {
      const count = usualGates[gate] * 1_000 + 1;
      const verdict = judge({ counts: { ...none, [gate]: count } });
      assert.deepEqual([verdict.kind, 'gate' in verdict && verdict.gate], ['tripped', gate]);
    });
  }

  it('say numbers, limit and the most frequent reason', () => {
    const verdict = judge({
      counts: { ...none, failed: 412 },
      reasons: { failed: { reason: 'TEMPLATE_FAILED', bills: 400 } },
    });
    assert.ok(verdict.kind === 'tripped');
    assert.equal(
      sentencesOf(verdict.gates),
      'failed: 412 of 1,000 bills (41.2 %), limit 1 %, mostly TEMPLATE_FAILED (400)',
    );
    assert.equal(holdOfGate(verdict.gate), 'GATE_FAILED');
  });

  it('name the one that is furthest above first', () => {
    const verdict = judge({ counts: { ...none, turned: 300, refused: 300 } });
    assert.equal(verdict.kind === 'tripped' && verdict.gate, 'refused');
  });

  it('wait for bills on their way, unless it is certain already', () => {
    assert.equal(judge({ onTheirWay: 1 }).kind, 'open');
    assert.equal(judge({ onTheirWay: 900, counts: { ...none, failed: 10 } }).kind, 'open');
    assert.equal(judge({ onTheirWay: 900, counts: { ...none, failed: 11 } }).kind, 'tripped');
  });

  it('wait while most bills wait for their time, and leave out a few', () => {
    assert.equal(judge({ waiting: 501 }).kind, 'open');
    assert.equal(judge({ waiting: 500 }).kind, 'passed');
    const verdict = judge({ waiting: 500, counts: { ...none, failed: 6 } });
    assert.equal(verdict.kind, 'tripped', '6 of 500 that have ended');
  });

  it('do not judge a few bills', () => {
    assert.deepEqual(
      [19, 20].map((bills) => judge({ bills }).kind),
      ['tooFew', 'passed'],
    );
    assert.equal(judge({ bills: 19, counts: { ...none, failed: 19 } }).kind, 'tooFew');
  });

  it('stay after the canary for what fails before it is sent', () => {
    const top = { reason: 'CIPHER_FAILED', bills: 20 };
    assert.equal(judgeRecent({ failed: 19, through: 100, top }, 0.01), undefined);
    assert.equal(judgeRecent({ failed: 20, through: 2_000, top }, 0.01), undefined);
    assert.equal(
      judgeRecent({ failed: 21, through: 2_000, top }, 0.01),
      'in the last minute failed: 21 of 2,000 bills (1.1 %), limit 1 %, mostly CIPHER_FAILED (20)',
    );
  });
});
