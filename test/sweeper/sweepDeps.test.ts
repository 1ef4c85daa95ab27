import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { createSweepDeps } from '../../src/sweeper/sweepDeps.ts';
import { KafkaFixture } from '../consumer/intake/kafkaFixture.ts';
import { silentLog } from '../support/capturedLog.ts';
import { createFakeProvider, onlyProviders } from '../support/testProviders.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('the lag that a sweep sees', () => {
  it('counts what was published longer ago than it asks for, and of the channel it asks for', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const [email, sms] = [await fixture.createTopic(1), await fixture.createTopic(1)];
    const { hasConsumed } = createSweepDeps({
      config: loadConfig({ TOPIC_EMAIL: email, TOPIC_SMS: sms, KAFKA_GROUP_ID: fixture.groupId }),

      database: db.database,
      kafka: fixture.kafka,
      log: silentLog,
      throttledLog: createThrottledLog(silentLog),
      actor: 'sweeper host:1',
      mayJudge: () => true,
      providers: onlyProviders(perChannel(() => createFakeProvider())),
    });
    const hourAgoMs = Date.now() - 3_600_000;
    await fixture.send(email, [{ value: '{}', timestamp: String(hourAgoMs) }]);
    assert.equal(await hasConsumed('EMAIL', 2 * 3_600_000), true, 'the record is younger');
    assert.equal(await hasConsumed('EMAIL', 1_800_000), false, 'nobody has consumed it');
    assert.equal(await hasConsumed('SMS', 1_800_000), true, 'it is not on this topic');
  });
});
