import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import { BrokerWatch } from '../../src/consumer/brokerWatch.ts';
import { faultOf, isRebalanceFault } from '../../src/consumer/faults.ts';
import { listeningLog } from './kafkaFixture.ts';

const {
  KafkaJSConnectionError,
  KafkaJSLockTimeout,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSSASLAuthenticationError,
} = kafkajs;

const wrapped = (cause: unknown): Error => new Error('outer', { cause: new Error('inner', { cause }) });
const answer = (type: string, retriable: boolean): Error =>
  Object.assign(new Error(type), { type, retriable });
const refused = () => new KafkaJSConnectionError('connect ECONNREFUSED');

describe('faultOf', () => {
  it('finds the answer of the broker beneath the wrappers', () => {
    const fault = faultOf(wrapped(answer('ILLEGAL_GENERATION', false)));
    assert.equal(fault.type, 'ILLEGAL_GENERATION');
    assert.ok(isRebalanceFault(fault));
    assert.ok(!isRebalanceFault(faultOf(answer('GROUP_AUTHORIZATION_FAILED', false))));
  });

  it('tells what passes from what does not', () => {
    const exceeded = new KafkaJSNumberOfRetriesExceeded(refused(), { retryCount: 5, retryTime: 1 });
    assert.ok(faultOf(exceeded).retriable);
    assert.ok(faultOf(Object.assign(new KafkaJSNonRetriableError('x'), { cause: refused() })).retriable);
    assert.ok(faultOf(Reflect.construct(KafkaJSLockTimeout, ['lock'])).retriable);
    assert.ok(faultOf(wrapped(answer('NOT_COORDINATOR_FOR_GROUP', true))).retriable);
    assert.ok(!faultOf(Reflect.construct(KafkaJSSASLAuthenticationError, ['denied'])).retriable);
    assert.ok(!faultOf(wrapped(answer('GROUP_AUTHORIZATION_FAILED', false))).retriable);
    assert.ok(!faultOf(new TypeError('a fault in the code')).retriable);
    assert.ok(!faultOf('not even an error').retriable);
  });

  it('is not held by a cause that points back at itself', () => {
    const error = new Error('round');
    error.cause = error;
    assert.equal(faultOf(error).name, 'Error');
  });
});

describe('BrokerWatch', () => {
  it('says once that Kafka is gone, and once that it is back', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { log, messages } = listeningLog();
    const watch = new BrokerWatch(log, { silenceMs: 1_000 });
    watch.check(5_000);
    watch.sign(5_000);
    watch.check(5_900);
    assert.deepEqual(messages, []);
    for (const nowMs of [6_000, 6_500, 9_000]) watch.check(nowMs);
    watch.crashed(refused());
    assert.ok(watch.isGone);
    watch.sign(10_000);
    watch.sign(10_100);
    assert.ok(!watch.isGone);
    t.mock.timers.tick(10_000);
    assert.deepEqual(messages, ['server is away, trying again until it is back', 'server is back']);
  });

  it('does not take an answer for silence', () => {
    const { log, messages } = listeningLog();
    const watch = new BrokerWatch(log, { silenceMs: 1_000 });
    watch.crashed(answer('GROUP_LOAD_IN_PROGRESS', true));
    assert.deepEqual(messages, []);
    watch.crashed(refused());
    assert.equal(messages.length, 1);
  });
});
