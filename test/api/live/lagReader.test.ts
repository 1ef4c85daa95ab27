import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLagReader } from '../../../src/api/live/lagReader.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { silentLog } from '../../support/capturedLog.ts';

describe('the lag', () => {
  it('is said to be unknown while Kafka is silent, though the question is still open', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log: silentLog });
    const admin = kafka.admin();
    admin.connect = () => new Promise(() => undefined);
    kafka.admin = () => admin;
    const reader = createLagReader({ config: loadConfig({}), kafka });
    assert.equal(reader.current().problem, 'Kafka has not been asked yet.');
    t.mock.timers.tick(8_000);
    assert.equal(reader.current().problem, 'Kafka has not answered within 8 s');
  });
});
