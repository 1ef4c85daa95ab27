import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDeadLetterTopic } from '../../src/dispatcher/checkDeadLetterTopic.ts';
import { captureLog } from '../support/capturedLog.ts';
import { setLargestBatch, useTestTopics } from '../support/testTopics.ts';

const { topics, kafka } = useTestTopics(1);
async function warnings() {
  const captured = captureLog();
  await checkDeadLetterTopic({ kafka, topics, log: captured.log });
  return captured.lines.filter(({ level }) => level >= 40);
}

describe('the dead letter topic at the start', () => {
  it('is warned of while it takes less than a source', async () => {
    assert.deepEqual(await warnings(), []);
    await setLargestBatch(kafka, topics.deadLetter, 1_000);
    const [warning, ...others] = await warnings();
    assert.deepEqual([warning?.topic, warning?.largestBytes, others.length], [topics.deadLetter, 1_000, 0]);
    await setLargestBatch(kafka, topics.deadLetter, 3_000_000);
    assert.deepEqual(await warnings(), []);
    await setLargestBatch(kafka, topics.SMS, 4_000_000);
    assert.equal((await warnings()).length, 1);
  });

  it('stops no start if its settings cannot be read', async () => {
    const captured = captureLog();
    const denying = new Proxy(kafka, {
      get: (target, property, receiver) =>
        property === 'admin'
          ? () => ({ ...target.admin(), describeConfigs: () => Promise.reject(new Error('denied')) })
          : Reflect.get(target, property, receiver),
    });
    await checkDeadLetterTopic({ kafka: denying, topics, log: captured.log });
    assert.deepEqual(captured.warnings(), []);
    assert.equal(captured.lines.length, 1);
  });
});
