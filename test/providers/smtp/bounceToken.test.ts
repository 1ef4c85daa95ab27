import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { testCycle } from '../../../src/bill.ts';
import { createBounceTokens } from '../../../src/providers/smtp/bounceToken.ts';
import { billIdOf } from '../../support/notifications.ts';

const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const tokens = createBounceTokens(keys);

describe('a bounce token', () => {
  it('names its attempt wherever it stands, in any case', () => {
    const attempts = fc.record(
      {
        billId: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map((id) => billIdOf(String(id))),
        channel: fc.constantFrom('EMAIL' as const, 'SMS' as const),
        cycle: fc.integer({ min: 1, max: 1_000_000 }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(attempts, (attempt) => {
        const token = tokens.tokenOf(attempt);
        assert.ok(`b+${token}`.length <= 64, 'fits into the local part of an address');
        for (const text of [token, `<b+${token.toUpperCase()}@bounce.example>`, `ENVID=${token};`]) {
          assert.deepEqual(tokens.findIn(text), [attempt]);
        }
      }),
    );
  });

  it('of an earlier key still counts, and of a foreign one never', () => {
    const attempt = { billId: billIdOf(42), channel: 'EMAIL', cycle: 1 } as const;
    assert.deepEqual(tokens.findIn(createBounceTokens([keys[1] ?? Buffer.alloc(0)]).tokenOf(attempt)), [
      attempt,
    ]);
    assert.deepEqual(tokens.findIn(createBounceTokens([Buffer.alloc(32, 3)]).tokenOf(attempt)), []);
    assert.throws(() => createBounceTokens([]).tokenOf(attempt), /needs a key/);
  });

  it('counts only as a whole, and for its own attempt', () => {
    const token = tokens.tokenOf({ billId: billIdOf(42), channel: 'EMAIL', cycle: 1 });
    const forged = [token.replace('42.', '43.'), token.replace('.1.', '.2.'), token.replace('email', 'sms')];
    for (const text of [...forged, `${token}0`, `1${token}`, token.slice(0, -1), '', '42.1.email.']) {
      assert.deepEqual(tokens.findIn(text), [], text);
    }
  });

  it('of a message that settles no bill names none, and differs from message to message', () => {
    const attempt = { billId: billIdOf('9223372036854775807'), channel: 'EMAIL', cycle: testCycle } as const;
    const made = ['rehearsal:2026-11', 'rehearsal:2026-11-2', 'seed:2026-11:1-0'].map((keySuffix) =>
      tokens.tokenOf({ ...attempt, test: { keySuffix, subjectPrefix: '', textPrefix: '' } }),
    );
    assert.equal(new Set(made).size, made.length);
    for (const token of [...made, tokens.tokenOf(attempt)]) {
      assert.ok(`b+${token}`.length <= 64);
      assert.deepEqual(tokens.findIn(token), [], token);
    }
  });
});
