import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import { classifyKafkaError, isRebalanceFault } from '../../src/kafka/kafkaError.ts';

const {
  KafkaJSConnectionError,
  KafkaJSLockTimeout,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSSASLAuthenticationError,
} = kafkajs;

function wrapped(cause: unknown): Error {
  return new Error('outer', { cause: new Error('inner', { cause }) });
}
function answer(type: string, retriable: boolean): Error {
  return Object.assign(new Error(type), { type, retriable });
}
function refused() {
  return new KafkaJSConnectionError('connect ECONNREFUSED');
}

describe('classifyKafkaError', () => {
  it('finds the answer of the broker beneath the wrappers', () => {
    const fault = classifyKafkaError(wrapped(answer('ILLEGAL_GENERATION', false)));
    assert.equal(fault.type, 'ILLEGAL_GENERATION');
    assert.ok(isRebalanceFault(fault));
    assert.ok(!isRebalanceFault(classifyKafkaError(answer('GROUP_AUTHORIZATION_FAILED', false))));
  });

  it('distinguishes errors that pass from those that do not', () => {
    const exceeded = new KafkaJSNumberOfRetriesExceeded(refused(), { retryCount: 5, retryTime: 1 });
    assert.ok(classifyKafkaError(exceeded).retriable);
    assert.ok(
      classifyKafkaError(Object.assign(new KafkaJSNonRetriableError('x'), { cause: refused() })).retriable,
    );
    assert.ok(classifyKafkaError(Reflect.construct(KafkaJSLockTimeout, ['lock'])).retriable);
    assert.ok(classifyKafkaError(wrapped(answer('NOT_COORDINATOR_FOR_GROUP', true))).retriable);
    assert.ok(!classifyKafkaError(Reflect.construct(KafkaJSSASLAuthenticationError, ['denied'])).retriable);
    assert.ok(!classifyKafkaError(wrapped(answer('GROUP_AUTHORIZATION_FAILED', false))).retriable);
    assert.ok(!classifyKafkaError(new TypeError('a fault in the code')).retriable);
    assert.ok(!classifyKafkaError('not even an error').retriable);
  });

  it('is not held by a cause that points back at itself', () => {
    const error = new Error('round');
    error.cause = error;
    assert.equal(classifyKafkaError(error).name, 'Error');
  });
});
