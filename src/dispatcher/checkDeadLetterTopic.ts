import type { BillTopics } from '../channels.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import { findShortLetterRoom, readTopicFacts } from '../kafka/topicFacts.ts';
import type { Logger } from '../log/log.ts';

/**
 * Warns of a dead letter topic that takes less than a source: a large record that cannot be used would go there
 * without its bytes. A cluster that does not let us read a topic's settings is no reason not to start.
 */
export async function checkDeadLetterTopic(options: {
  kafka: Kafka;
  topics: BillTopics;
  log: Logger;
}): Promise<void> {
  const { kafka, topics, log } = options;
  try {
    const facts = await readTopicFacts({ kafka, topics: Object.values(topics) });
    const room = findShortLetterRoom(topics.deadLetter, facts);
    if (room === undefined) return;
    log.warn(
      { topic: topics.deadLetter, largestBytes: room.letterBytes, sourceBytes: room.sourceBytes },
      'dead letter topic takes less than a source: raise its max.message.bytes, or large records go there without their bytes',
    );
  } catch (error) {
    log.info({ err: error }, 'sizes that the topics take could not be compared');
  }
}
