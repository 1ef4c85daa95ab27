import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { captureLog } from '../support/capturedLog.ts';

function arrange(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { log, lines } = captureLog();
  const said = () => lines.map(({ msg, billId, times }) => [msg, billId, times]);
  return {
    throttledLog: createThrottledLog(log, 10_000),
    said,
    pass: (ms: number) => t.mock.timers.tick(ms),
  };
}

describe('a throttledLog', () => {
  it('logs the first at once, and all others of the next seconds in one line', (t) => {
    const { throttledLog, said, pass } = arrange(t);
    for (const billId of ['1', '2', '3']) throttledLog.warn('lost', { billId });
    assert.deepEqual(said(), [['lost', '1', 1]]);
    pass(10_000);
    assert.deepEqual(said().slice(1), [['lost', '2', 2]]);
    throttledLog.warn('lost', { billId: '4' }, 500);
    assert.equal(said().length, 2);
    pass(10_000);
    assert.deepEqual(said().slice(2), [['lost', '4', 500]]);
  });

  it('logs the next one at once after a time of silence', (t) => {
    const { throttledLog, said, pass } = arrange(t);
    throttledLog.warn('lost', { billId: '1' });
    pass(10_000);
    throttledLog.warn('lost', { billId: '2' });
    assert.deepEqual(said(), [
      ['lost', '1', 1],
      ['lost', '2', 1],
    ]);
  });

  it('keeps messages apart', (t) => {
    const { throttledLog, said } = arrange(t);
    throttledLog.warn('lost', { billId: '1' });
    throttledLog.warn('broken', { billId: '2' });
    assert.equal(said().length, 2);
  });

  it('owes nothing after a flush', (t) => {
    const { throttledLog, said, pass } = arrange(t);
    for (const billId of ['1', '2', '3']) throttledLog.warn('lost', { billId });
    throttledLog.flush();
    assert.deepEqual(said()[1], ['lost', '2', 2]);
    pass(60_000);
    assert.equal(said().length, 2);
  });
});
