import { setTimeout as sleep } from 'node:timers/promises';
import { perChannel } from '../../../src/channels.ts';
import { createEventConsumer } from '../../../src/consumer/intake/eventConsumer.ts';
import { createDatabase } from '../../../src/db/database.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { createBrake } from '../../support/brakeRows.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';

/*
 * Fetches a topic in a separate process, where nothing is ever claimed, until fetching stops or all records
 * are there. Prints how many came, and the most memory that it had above what it had before.
 */
const [brokers = '', url = '', topic = '', wanted = ''] = process.argv.slice(2);
const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
const database = createDatabase({ url, poolSize: 1, log: silentLog, patienceMs: 10_000 });
const pipeline = await createTestPipeline(database, {
  brakes: perChannel((channel) => createBrake({ channel })),
  onFlow: (step) => {
    if (step === 'resume') return;
    consumer.pause(topic);
    settle();
  },
});
const consumer = createEventConsumer({
  kafka: createKafka({ brokers: [brokers], clientId: 'fetching', log: silentLog }),
  groupId: topic,
  topics: [topic],
  sessionTimeoutMs: 10_000,
  maxBytesPerPartition: 128 * 1024,
  log: silentLog,
  onRecords: (records) => {
    pipeline.receive('EMAIL', records);
    if (pipeline.inFlight('EMAIL') >= Number(wanted)) settle();
  },
  onFatal: (error) => {
    throw error;
  },
});
const before = process.memoryUsage.rss();
await consumer.start();
await settled;
// If the pause held nothing back, more records would come in this time.
await sleep(1_000);
const received = pipeline.inFlight('EMAIL');
process.stdout.write(JSON.stringify({ received, grownBy: process.resourceUsage().maxRSS * 1024 - before }));
await consumer.stop();
await database.close();
