import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import { BrokerWatch } from '../../../src/consumer/intake/brokerWatch.ts';
import { listeningLog } from './kafkaFixture.ts';

function refused() {
  return new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED');
}
const loading = Object.assign(new Error('loading'), { type: 'GROUP_LOAD_IN_PROGRESS', retriable: true });

describe('BrokerWatch', () => {
  it('says once that Kafka is gone, and once that it is back', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { log, messages } = listeningLog();
    const watch = new BrokerWatch(log, { silenceMs: 1_000 });
    watch.check(5_000);
    watch.markAlive(5_000);
    watch.check(5_900);
    assert.deepEqual(messages, []);
    for (const nowMs of [6_000, 6_500, 9_000]) watch.check(nowMs);
    watch.crashed(refused());
    assert.ok(watch.isGone);
    watch.markAlive(10_000);
    watch.markAlive(10_100);
    assert.ok(!watch.isGone);
    t.mock.timers.tick(10_000);
    assert.deepEqual(messages, ['server unreachable, retrying', 'server is back']);
  });

  it('does not take an answer for silence', () => {
    const { log, messages } = listeningLog();
    const watch = new BrokerWatch(log, { silenceMs: 1_000 });
    watch.crashed(loading);
    assert.deepEqual(messages, []);
    watch.crashed(refused());
    assert.equal(messages.length, 1);
  });
});
