import { withAdmin } from '../../../src/kafka/kafkaAdmin.ts';
import type { Kafka } from '../../../src/kafka/kafkaClient.ts';
import { readTopics } from '../../../src/kafka/readTopics.ts';

interface GroupTopic {
  readonly topic: string;
  readonly groupId: string;
}

/** The keys of all records whose offset the group has committed: nobody will send them again. */
export async function readCommittedKeys(kafka: Kafka, about: GroupTopic): Promise<string[]> {
  const committed = await readCommitted(kafka, about);
  const records = await readTopics(kafka, [about.topic]);
  return records
    .filter(({ partition, offset }) => BigInt(offset) < (committed.get(partition) ?? 0n))
    .map(({ key }) => String(key));
}

/** The next offset of each partition; negative if the group has committed none. */
function readCommitted(kafka: Kafka, { topic, groupId }: GroupTopic): Promise<Map<number, bigint>> {
  return withAdmin({ kafka }, 'The committed offsets could not be read from Kafka.', async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const partitions = offsets?.partitions ?? [];
    return new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  });
}
