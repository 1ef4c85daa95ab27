import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchBook, OpenBatch } from '../../../src/consumer/pipeline/batchBook.ts';
import { createThrottledLog } from '../../../src/log/throttledLog.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { newToken } from '../../support/notifications.ts';
import { noDatabase } from '../../support/testApi.ts';

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

it('closed batches that the database did not delete are deleted with the next ones', async () => {
  const asked: string[] = [];
  const query = async (_: unknown, values: readonly unknown[] = []): Promise<never[]> => {
    asked.push(String(values[0]));
    if (asked.length === 1) throw new Error('away');
    return [];
  };
  const database = { ...noDatabase, query };
  const book = new BatchBook({ database, throttledLog: createThrottledLog(silentLog) });
  const token = newToken();
  book.open(token, 1).billClosed();
  await book.deleteClosed({ atLeast: 1 });
  await book.deleteClosed({ atLeast: 1 });
  assert.match(asked[1] ?? '', new RegExp(token));
});
