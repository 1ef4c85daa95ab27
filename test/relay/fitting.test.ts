import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { publishFitting } from '../../src/relay/fitting.ts';
import type { Outgoing } from '../../src/relay/outgoing.ts';
import { createPublisher, type Publisher } from '../../src/relay/publisher.ts';
import { setLargestBatch, useTestTopics } from '../support/topics.ts';

const { topics, kafka, read } = useTestTopics();
const publisher = createPublisher(kafka);
after(() => publisher.stop());

/** Text that no codec makes much smaller. */
const noise = (length: number): string => randomBytes(length).toString('base64').slice(0, length);
const letter = (key: string, bytes: number): Outgoing => ({
  ...{ topic: topics.deadLetter, key, value: noise(bytes), headers: { 'billcast-reason': 'EVENT_NOT_JSON' } },
});

describe('records for a topic that takes 1,000 bytes', () => {
  before(() => setLargestBatch(kafka, topics.deadLetter, 1_000));
  it('that fit alone all go out, also where they do not fit together', async () => {
    const letters = Array.from({ length: 40 }, (_, index) => letter(`together-${index}`, 200));
    const { shortened, refused } = await publishFitting(publisher, letters);
    assert.deepEqual([shortened.size, refused.size], [0, 0]);
    const keys = new Set((await read(topics.deadLetter)).map(({ key }) => String(key)));
    assert.ok(letters.every(({ key }) => keys.has(String(key))));
  });

  it('that are too large go out in the first shorter form that fits, or are named', async () => {
    const [small, long, hopeless] = [letter('small', 10), letter('long', 5_000), letter('hopeless', 5_001)];
    const event = { topic: topics.email, key: '1', value: '{}' };
    const { shortened, refused } = await publishFitting(
      publisher,
      [long, hopeless, event, small],
      (record) =>
        record === long ? [letter('still-long', 3_000), letter('short', 10), letter('shorter', 5)] : [],
    );
    assert.deepEqual([[...shortened], [...refused]], [[long], [hopeless]]);
    const keys = (await read(topics.deadLetter)).map(({ key }) => String(key));
    assert.equal(keys.filter((key) => key === 'short').length, 1);
    assert.ok(keys.includes('small'));
    assert.deepEqual(
      ['long', 'hopeless', 'still-long', 'shorter'].filter((key) => keys.includes(key)),
      [],
    );
    assert.ok((await read(topics.email)).length > 0);
  });
});

describe('records for a topic that takes 40,000 bytes', () => {
  before(() => setLargestBatch(kafka, topics.deadLetter, 40_000));
  it('go out by the hundred where they do not fit together', async () => {
    let requests = 0;
    const counting: Publisher = {
      publish: (records) => {
        requests++;
        return publisher.publish(records);
      },
      stop: () => Promise.resolve(),
    };
    const letters = Array.from({ length: 1_000 }, (_, index) => letter(`hundreds-${index}`, 200));
    const { shortened, refused } = await publishFitting(counting, letters);
    assert.deepEqual([shortened.size, refused.size, requests], [0, 0, 1 + 10]);
    const keys = new Set((await read(topics.deadLetter)).map(({ key }) => String(key)));
    assert.ok(letters.every(({ key }) => keys.has(String(key))));
  });
});

describe('any other failure', () => {
  it('is thrown at once: nothing is said of the size', async () => {
    let tries = 0;
    const away: Publisher = {
      publish: () => {
        tries++;
        return Promise.reject(new Error('the broker is away'));
      },
      stop: () => Promise.resolve(),
    };
    await assert.rejects(publishFitting(away, [letter('a', 1), letter('b', 1)]), /away/);
    assert.equal(tries, 1);
  });
});
