import { fetchLargestBatchBytes, type Kafka } from '../consumer/kafka.ts';
import type { Logger } from '../log.ts';
import type { RelayTopics } from '../relay/outgoing.ts';

/**
 * Warns of a dead letter topic that takes less than a source: a large record that cannot be used would go there
 * without its bytes. A cluster that does not let us read a topic's settings is no reason not to start.
 */
export const warnOfSmallDeadLetters = async (options: {
  kafka: Kafka;
  topics: RelayTopics;
  log: Logger;
}): Promise<void> => {
  const { email, sms, deadLetter } = options.topics;
  try {
    const largest = await fetchLargestBatchBytes({ kafka: options.kafka, topics: [email, sms, deadLetter] });
    const bytesOf = (topic: string): number => largest.get(topic) ?? 0;
    const sourceBytes = Math.max(bytesOf(email), bytesOf(sms));
    if (bytesOf(deadLetter) >= sourceBytes) return;
    options.log.warn(
      { topic: deadLetter, largestBytes: bytesOf(deadLetter), sourceBytes },
      'dead letter topic takes less than a source: raise its max.message.bytes, or large records go there without their bytes',
    );
  } catch (error) {
    options.log.info({ err: error }, 'sizes that the topics take could not be compared');
  }
};
