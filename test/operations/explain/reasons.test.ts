import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelNames } from '../../../src/channels.ts';
import { failureReasons } from '../../../src/operations/explain/reasons.ts';
import { explained, inMs, poisonReasons, textOf } from './explained.ts';

describe('a reason', () => {
  it('speaks of every reason of a failure in its own words, and says what to fix', () => {
    const said = new Set<string>();
    for (const reason of failureReasons) {
      const { standing, next } = explained({ sendStatus: 'FAILED', reason });
      assert.doesNotMatch(standing[0] ?? '', new RegExp(`\\b${reason}\\b|the reason was`));
      assert.match(next.text, /A person should .+; then `billcast retry --bill 42`/);
      said.add(standing[0] ?? '');
    }
    assert.equal(said.size, failureReasons.length);
    assert.equal(failureReasons.length, 10 + 2 * channelNames.length);
  });

  it('speaks of every record that could not be used', () => {
    const said = new Set<string>();
    for (const reason of poisonReasons) {
      const record = { topic: 'bill.email', partition: 1, offset: '5', reason };
      const poison = [{ ...record, receivedAt: inMs(-5_000), publishedAt: null }];
      const { history } = explained({}, { poison });
      assert.match(
        history[0]?.text ?? '',
        /^a record for it on bill.email, partition 1, offset 5, was quarantined: .+ \(its dead letter is not published yet\)$/,
      );
      said.add(history[0]?.text ?? '');
    }
    assert.equal(said.size, poisonReasons.length);
  });

  it("speaks of a gateway's status", () => {
    const explanation = explained({ reason: 'HTTP_503', attempts: 1 });
    assert.match(textOf(explanation), /the last time the provider's gateway answered 503\./);
  });

  it('gives an unknown reason as it is', () => {
    const explanation = explained({ reason: 'MOON_PHASE', attempts: 1 });
    assert.match(textOf(explanation), /the last time the reason was MOON_PHASE\./);
  });
});
