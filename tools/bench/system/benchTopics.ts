import { type BillTopics, perChannel } from '../../../src/channels.ts';
import { ensureTopics } from '../../../src/kafka/ensureTopics.ts';
import { createKafka, type Kafka } from '../../../src/kafka/kafkaClient.ts';
import type { BenchServers } from './benchServers.ts';

/** Topics and a consumer group for one run. */
export interface RunTopics extends BillTopics {
  readonly groupId: string;
  readonly kafka: Kafka;
  delete(): Promise<void>;
}

/** @param partitions per topic */
export async function createRunTopics(
  servers: BenchServers,
  run: string,
  partitions: number,
): Promise<RunTopics> {
  const kafka = createKafka({
    brokers: servers.kafkaBrokers.split(','),
    clientId: 'billcast-bench',
    log: servers.log,
  });
  const names = { ...perChannel((channel) => `${run}.${channel.toLowerCase()}`), deadLetter: `${run}.dlt` };
  const topics = Object.values(names);
  await ensureTopics({ kafka, topics: topics.map((name) => ({ name, partitions })) });
  const remove = async (): Promise<void> => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics }).finally(() => admin.disconnect());
  };
  return { ...names, groupId: run, kafka, delete: remove };
}
