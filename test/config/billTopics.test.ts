import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownTopics } from '../../src/config/billTopics.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';

const config = loadConfig({ TOPIC_EMAIL: 'e', TOPIC_SMS: 's', TOPIC_DLT: 'd', KAFKA_PARTITIONS: '3' });

describe('the topics', () => {
  it('are one per channel and that of the dead letters, by their settings', () => {
    assert.deepEqual(
      ownTopics(config).map(({ name, partitions }) => [name, partitions]),
      [
        ['e', 3],
        ['s', 3],
        ['d', 3],
      ],
    );
  });

  it('keep dead letters until somebody removes them, and take what the sources take', () => {
    const [email, sms, deadLetter] = ownTopics(config);
    assert.deepEqual([email?.configEntries, sms?.configEntries], [undefined, undefined]);
    const entries = new Map((deadLetter?.configEntries ?? []).map(({ name, value }) => [name, value]));
    assert.equal(entries.get('retention.ms'), '-1');
    assert.ok(Number(entries.get('max.message.bytes')) >= 2 ** 21);
  });
});
