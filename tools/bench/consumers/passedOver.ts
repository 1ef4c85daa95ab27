import type { Kafka } from '../../../src/kafka/kafkaClient.ts';

/** The keys of all records whose offset the group has committed: what nobody will bring again. */
export async function readCommittedKeys(
  kafka: Kafka,
  about: { readonly topic: string; readonly groupId: string },
): Promise<string[]> {
  const committed = await readCommitted(kafka, about);
  const consumer = kafka.consumer({ groupId: `${about.groupId}.reader` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: about.topic, fromBeginning: true });
    return await new Promise((resolve, reject) => {
      const keys: string[] = [];
      const left = new Map(committed);
      const finish = (partition: number): void => {
        left.delete(partition);
        if (left.size === 0) resolve(keys);
      };
      if (left.size === 0) resolve(keys);
      consumer
        .run({
          eachBatch: async ({ batch }) => {
            const end = left.get(batch.partition);
            if (end === undefined) return;
            for (const { offset, key } of batch.messages) if (BigInt(offset) < end) keys.push(String(key));
            if (BigInt(batch.lastOffset()) + 1n >= end) finish(batch.partition);
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

/** The next offset of each partition of which the group has committed something. */
async function readCommitted(
  kafka: Kafka,
  { topic, groupId }: { readonly topic: string; readonly groupId: string },
): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchOffsets({ groupId, topics: [topic] });
    const partitions = offsets[0]?.partitions ?? [];
    return new Map(
      partitions
        .map(({ partition, offset }) => [partition, BigInt(offset)] as const)
        .filter(([, offset]) => offset > 0n),
    );
  } finally {
    await admin.disconnect();
  }
}
