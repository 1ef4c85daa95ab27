import type { BillTopics } from '../channels.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import { readTopicFacts } from '../kafka/topicFacts.ts';
import type { Logger } from '../log/log.ts';
import { findShortLetterRoom, shortLetterRoomAdvice } from '../operations/deadLetterTopic.ts';

/**
 * Warns if the dead letter topic takes less than a source topic. If the cluster does not let us read a
 * topic's settings, the start goes on.
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
      `dead letter topic takes less than a source: ${shortLetterRoomAdvice}`,
    );
  } catch (error) {
    log.info({ err: error }, 'message sizes of the topics could not be compared');
  }
}
