import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Outgoing } from '../../src/kafka/outgoing.ts';
import { createPublisher } from '../../src/kafka/publisher.ts';
import { publishWithinLimits } from '../../src/relay/publishWithinLimits.ts';
import { setLargestBatch, useTestTopics } from '../support/testTopics.ts';

const { topics, kafka, read } = useTestTopics();
const publisher = createPublisher(kafka);
after(() => publisher.stop());

/** Sends to partition 0. */
function sendTo(topic: string) {
  return (records: readonly Outgoing[]) => publisher.publishTo({ topic, partition: 0 }, records);
}

/** Text that no codec makes much smaller. */
function noise(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length);
}
function letter(key: string, bytes: number): Outgoing {
  return {
    topic: topics.deadLetter,
    key,
    value: noise(bytes),
    headers: { 'billcast-reason': 'EVENT_NOT_JSON' },
  };
}

describe('records for a topic that takes 1,000 bytes', () => {
  before(() => setLargestBatch(kafka, topics.deadLetter, 1_000));
  it('that fit alone are all published, also if they do not fit together', async () => {
    const letters = Array.from({ length: 40 }, (_, index) => letter(`together-${index}`, 200));
    const { whole, shortened, refused } = await publishWithinLimits(sendTo(topics.deadLetter), letters);
    assert.deepEqual([whole.length, shortened.length, refused.length], [40, 0, 0]);
    const keys = new Set((await read(topics.deadLetter)).map(({ key }) => String(key)));
    assert.ok(letters.every(({ key }) => keys.has(String(key))));
  });

  it('that are too large are published in the first shorter form that fits, or are returned', async () => {
    const [small, long, hopeless] = [letter('small', 10), letter('long', 5_000), letter('hopeless', 5_001)];
    const { whole, shortened, refused } = await publishWithinLimits(
      sendTo(topics.deadLetter),
      [long, hopeless, small],
      (record) =>
        record === long ? [letter('still-long', 3_000), letter('short', 10), letter('shorter', 5)] : [],
    );
    assert.deepEqual([whole, shortened, refused.map(({ record }) => record)], [[small], [long], [hopeless]]);
    const keys = (await read(topics.deadLetter)).map(({ key }) => String(key));
    assert.equal(keys.filter((key) => key === 'short').length, 1);
    assert.ok(keys.includes('small'));
    assert.deepEqual(
      ['long', 'hopeless', 'still-long', 'shorter'].filter((key) => keys.includes(key)),
      [],
    );
  });
});

describe('records for a topic that takes 40,000 bytes', () => {
  before(() => setLargestBatch(kafka, topics.deadLetter, 40_000));
  it('are published by the hundred if they do not fit together', async () => {
    let requests = 0;
    const counting = (records: readonly Outgoing[]) => {
      requests++;
      return sendTo(topics.deadLetter)(records);
    };
    const letters = Array.from({ length: 1_000 }, (_, index) => letter(`hundreds-${index}`, 200));
    const { whole, shortened, refused } = await publishWithinLimits(counting, letters);
    assert.deepEqual([whole.length, shortened.length, refused.length, requests], [1_000, 0, 0, 1 + 10]);
    const keys = new Set((await read(topics.deadLetter)).map(({ key }) => String(key)));
    assert.ok(letters.every(({ key }) => keys.has(String(key))));
  });
});

describe('any other failure', () => {
  it('ends it: nothing is said of the size, and what went out before is known', async () => {
    const letters = Array.from({ length: 2_500 }, (_, index) => letter(`${index}`, 1));
    let requests = 0;
    const away = async () => {
      if (++requests === 2) throw new Error('the broker is away');
    };
    const { whole, shortened, refused, failure } = await publishWithinLimits(away, letters);
    assert.match(String(failure), /away/);
    assert.deepEqual([whole.length, shortened.length, refused.length, requests], [1_000, 0, 0, 2]);
  });
});
