import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replaceIds, unknownText } from '../../src/operations/theirIds.ts';

describe('ids of the billing system', () => {
  it('are replaced by the names of their fields, at any depth, and nothing else is', () => {
    const at = new Date(0);
    const facts = {
      billId: '1',
      next: '1',
      at,
      sum: 5n,
      sample: ['1', '2'],
      groups: [{ sample: [{ billId: '2', channel: 'SMS' }], memberIds: ['3'], text: '1' }],
      selection: { billIds: ['1', 2], memberId: null },
    };
    assert.deepEqual(
      replaceIds(facts, (subject, id) => `${subject} ${id}`),
      {
        billId: 'bill 1',
        next: '1',
        at,
        sum: 5n,
        sample: ['bill 1', 'bill 2'],
        groups: [{ sample: [{ billId: 'bill 2', channel: 'SMS' }], memberIds: ['member 3'], text: '1' }],
        selection: { billIds: ['bill 1', 2], memberId: null },
      },
    );
  });

  it('that nobody knows are named, a few of them', () => {
    const of = (...ids: string[]) => ids.map((id) => ({ subject: 'bill' as const, id }));
    assert.equal(unknownText(of('a', 'b')), 'there is no bill a, b');
    assert.equal(unknownText(of('a', 'b', 'c', 'd', 'e', 'f')), 'there is no bill a, b, c, d, e and 1 more');
    assert.equal(unknownText([{ subject: 'member', id: 'm' }]), 'there is no member m');
  });
});
