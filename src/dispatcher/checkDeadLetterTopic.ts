import type { BillTopics } from '../channels.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import { readTopicFacts } from '../kafka/topicFacts.ts';
import type { Logger } from '../log/log.ts';
import { findShortLetterRoom, shortLetterRoomAdvice } from '../operations/deadLetterTopic.ts';

/**
 * Warns of a dead letter topic that takes less than a source. A cluster that does not let us read a topic's
 * settings is no reason not to start.
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
