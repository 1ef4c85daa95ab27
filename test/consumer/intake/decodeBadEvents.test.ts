import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeEvent } from '../../../src/consumer/intake/decode.ts';
import { createBadEvents, plainReading } from '../../support/badEvents.ts';
import { exhaustive } from '../../support/exhaustive.ts';

describe('decodeEvent on bad events', exhaustive, () => {
  it('agrees with a plain reading of the contract on 100,000 bad events', () => {
    const seed = Date.now();
    const next = createBadEvents(seed);
    const seen = new Map<string, number>();
    for (let made = 0; made < 100_000; made++) {
      const value = next();
      const wanted = plainReading(value);
      const decoded = decodeEvent(value);
      const actual = decoded.kind === 'poison' ? decoded.reason : `${decoded.memberId} ${decoded.billId}`;
      const expected = typeof wanted === 'string' ? wanted : `${wanted.memberId} ${wanted.billId}`;
      assert.equal(
        actual,
        expected,
        `seed ${seed}, event ${made}: ${value?.toString('latin1').slice(0, 200)}`,
      );
      const kind = typeof wanted === 'string' ? wanted : 'event';
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    for (const kind of ['event', 'EVENT_EMPTY', 'EVENT_TOO_LARGE', 'EVENT_NOT_JSON', 'EVENT_BAD_ID']) {
      assert.ok((seen.get(kind) ?? 0) > 200, `${kind} was among them`);
    }
    assert.ok(!('billId' in {}), 'no prototype was changed');
  });
});
