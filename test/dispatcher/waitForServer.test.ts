import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitForServer } from '../../src/dispatcher/waitForServer.ts';
import { BillcastError } from '../../src/errors.ts';
import { ownClock } from '../support/ownClock.ts';

const away = new Error('away');

/** A server whose error `away` passes by itself, and what was logged about it. */
function createServer() {
  const told: unknown[] = [];
  return {
    told,
    server: {
      isPassing: (error: unknown) => error === away,
      outage: { failed: (error: unknown) => told.push(error), succeeded: () => told.push('back') },
    },
  };
}

describe('waitForServer', () => {
  it("retries the step while its server is unreachable, and logs the server's error", async (t) => {
    const clock = ownClock(t);
    const { server, told } = createServer();
    const failures = [away, new BillcastError('KAFKA_FAILED', 'check it', { cause: away })];
    const step = async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return 'done';
    };
    const waiting = waitForServer(step, server, new AbortController().signal);
    assert.equal(await clock.until(waiting), 'done');
    assert.deepEqual(told, [away, away, 'back']);
    assert.ok(clock.passedMs >= 750, `retried within ${clock.passedMs} ms`);
  });

  it('throws at once what waiting cannot fix', async () => {
    const { server, told } = createServer();
    const wrong = new BillcastError('MIGRATION_FAILED', 'bad', { cause: new Error('syntax') });
    await assert.rejects(
      waitForServer(() => Promise.reject(wrong), server, new AbortController().signal),
      wrong,
    );
    assert.deepEqual(told, []);
  });

  it('throws at once what only the settings can fix, even if its cause looks temporary', async () => {
    const { server, told } = createServer();
    const wrong = new BillcastError('KAFKA_SETTINGS', 'set KAFKA_TLS', { cause: away });
    await assert.rejects(
      waitForServer(() => Promise.reject(wrong), server, new AbortController().signal),
      wrong,
    );
    assert.deepEqual(told, []);
  });

  it('ends its wait when it is aborted, and takes no step afterwards', async () => {
    const { server, told } = createServer();
    const stopping = new AbortController();
    const waiting = waitForServer(
      async () => {
        setImmediate(() => stopping.abort());
        throw away;
      },
      server,
      stopping.signal,
    );
    await assert.rejects(waiting, { name: 'AbortError' });
    await assert.rejects(
      waitForServer(async () => assert.fail('a step'), server, stopping.signal),
      { name: 'AbortError' },
    );
    assert.deepEqual(told, [away]);
  });
});
