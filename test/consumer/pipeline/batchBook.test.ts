import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenBatch } from '../../../src/consumer/pipeline/batchBook.ts';

describe('an open batch', () => {
  it('is closed with its last bill', () => {
    let closed = 0;
    const batch = new OpenBatch(2, () => void closed++);
    batch.billClosed();
    assert.equal(closed, 0);
    batch.billClosed();
    assert.equal(closed, 1);
  });

  it('stays for the sweeper if a row keeps its token, whatever its other bills come to', () => {
    let closed = 0;
    const batch = new OpenBatch(2, () => void closed++);
    batch.keep();
    batch.billClosed();
    batch.billClosed();
    assert.equal(closed, 0);
  });
});
