import type { Config } from '../../config.ts';
import type { Kafka } from '../../consumer/kafka.ts';
import { readTopicFacts, type TopicFacts } from '../../consumer/topicFacts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** The brokers and the three topics. */
export const checkKafka = async (config: Config, kafka: Kafka): Promise<Finding[]> => {
  const { topics } = config.kafka;
  const facts = await readTopicFacts({ kafka, topics: Object.values(topics) });
  return [
    ok('kafka', 'it answers'),
    judgePartitions(config.kafka, facts),
    ...judgeDeadLetters(topics, facts),
  ];
};

type KafkaSettings = Pick<Config['kafka'], 'topics' | 'partitions'>;
type Facts = ReadonlyMap<string, TopicFacts>;

/** Pure, as are all that judge. */
export const judgePartitions = ({ topics, partitions }: KafkaSettings, facts: Facts): Finding => {
  const names = Object.values(topics);
  const missing = names.filter((name) => !facts.has(name));
  if (missing.length > 0)
    return warn(
      'topics',
      `${missing.join(', ')} missing: the next start makes them, or make them with the replication you want`,
    );
  const few = [topics.email, topics.sms].filter((name) => (facts.get(name)?.partitions ?? 0) < partitions);
  return few.length > 0
    ? warn(
        'topics',
        `${few.join(', ')}: fewer than KAFKA_PARTITIONS (${partitions}) partitions; no more dispatchers than partitions get work`,
      )
    : ok('topics', `${names.join(', ')} are there`);
};

const msADay = 86_400_000;

export const judgeDeadLetters = (topics: KafkaSettings['topics'], facts: Facts): Finding[] => {
  const letters = facts.get(topics.deadLetter);
  if (letters === undefined) return [];
  const name = topics.deadLetter;
  const largest = Math.max(
    ...[topics.email, topics.sms].map((topic) => facts.get(topic)?.maxMessageBytes ?? 0),
  );
  return [
    letters.maxMessageBytes < largest
      ? fail(
          'dead letters',
          `${name} takes ${letters.maxMessageBytes} bytes, its sources ${largest}: raise its max.message.bytes, or the dead letter of a large record is never taken`,
        )
      : ok('dead letters', `${name} takes whatever its sources take`),
    letters.retentionMs >= 0
      ? warn(
          'dead letters',
          `${name} forgets after ${(letters.retentionMs / msADay).toFixed(1)} days: set its retention.ms to -1 to keep them`,
        )
      : ok('dead letters', `${name} keeps them until somebody removes them`),
  ];
};
