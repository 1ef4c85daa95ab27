import type { Config } from '../../config/loadConfig.ts';
import type { Kafka } from '../../kafka/kafkaClient.ts';
import { countBrokers, readTopicFacts, type TopicFacts } from '../../kafka/topicFacts.ts';
import type { Ladder } from '../../ladder.ts';
import { findShortLetterRoom, shortLetterRoomAdvice } from '../deadLetterTopic.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Checks the brokers and the topics. */
export async function checkKafka(config: Config, kafka: Kafka): Promise<Finding[]> {
  const { topics } = config.kafka;
  const facts = await readTopicFacts({ kafka, topics: Object.values(topics) });
  return [
    ok('kafka', 'it answers'),
    judgeSecurity(config.kafka),
    judgePartitions({ ...config.kafka, order: config.ladder.order }, facts),
    judgeReplicas(facts, {
      brokers: await countBrokers(kafka),
      embedded: config.kafka.brokers === undefined,
    }),
    ...judgeLeaders(facts),
    ...judgeDeadLetters(topics, facts),
  ];
}

/** Pure. Warns of a Kafka without security: anybody who can write an event can release a held bill. */
export function judgeSecurity({
  brokers = [],
  security,
}: Pick<Config['kafka'], 'brokers' | 'security'>): Finding {
  const { tls, sasl } = security;
  const login = sasl === undefined ? 'without a login' : `with a login by ${sasl.mechanism}`;
  const isFar = brokers.some((broker) => !/^(localhost|127\.[\d.]+|\[::1\]):/.test(broker));
  if (tls !== undefined) return ok('kafka', `by TLS, ${login}`);
  return isFar
    ? warn(
        'kafka',
        `unencrypted, ${login}: anybody who reaches the brokers can read events and release ` +
          'bills; set KAFKA_TLS and KAFKA_SASL_MECHANISM if the brokers support them',
      )
    : ok('kafka', `unencrypted, ${login}, on this machine`);
}

type KafkaSettings = Pick<Config['kafka'], 'topics' | 'partitions'> & Pick<Ladder, 'order'>;
type Facts = ReadonlyMap<string, TopicFacts>;

/** Pure, like all functions that judge. */
export function judgePartitions({ topics, partitions, order }: KafkaSettings, facts: Facts): Finding {
  const ofBills = order.map((channel) => topics[channel]);
  const names = [...ofBills, topics.deadLetter];
  const missing = names.filter((name) => !facts.has(name));
  if (missing.length > 0) {
    return warn(
      'topics',
      `${missing.join(', ')} missing: the next start creates them, or create them yourself with ` +
        'the replication you want',
    );
  }
  const few = ofBills.filter((name) => (facts.get(name)?.partitions ?? 0) < partitions);
  return few.length > 0
    ? warn(
        'topics',
        `${few.join(', ')}: fewer than KAFKA_PARTITIONS (${partitions}) partitions; at most one ` +
          'dispatcher per partition gets work',
      )
    : ok('topics', `${names.join(', ')} exist`);
}

const wantedReplicas = 3;
const wantedInSync = 2;

/** Whether topics survive the loss of a broker. */
export function judgeReplicas(
  facts: Facts,
  { brokers, embedded }: { brokers: number; embedded: boolean },
): Finding {
  if (brokers < wantedReplicas) {
    const text =
      `${brokers} broker(s) are up: topics are created on all of them, and records on a single ` +
      'broker are lost with it';
    return embedded
      ? ok('replicas', text)
      : warn('replicas', `${text}; three brokers keep every record if one dies`);
  }
  const weak = [...facts].filter(
    ([, { replicas, minInSync }]) => replicas < wantedReplicas || minInSync < wantedInSync,
  );
  const rigid = [...facts].filter(([, { replicas, minInSync }]) => minInSync >= replicas && replicas > 1);
  if (weak.length > 0) {
    const names = weak.map(([name, { replicas, minInSync }]) => `${name} (${replicas}, ${minInSync})`);
    return warn(
      'replicas',
      `${names.join(', ')} (replicas, min.insync.replicas): records can be lost with a broker; ` +
        'raise them to 3 and 2 with kafka-reassign-partitions and kafka-configs',
    );
  }
  if (rigid.length > 0) {
    const names = rigid.map(([name]) => name).join(', ');
    return warn(
      'replicas',
      `${names}: min.insync.replicas equals the number of replicas, so nothing can be written ` +
        'while one broker is down',
    );
  }
  return ok('replicas', 'every topic is on three brokers, and a record must be on two of them');
}

export function judgeLeaders(facts: Facts): Finding[] {
  const leaderless = [...facts].filter(([, topic]) => topic.leaderless.length > 0);
  if (leaderless.length === 0) return [];
  const names = leaderless.map(([name, topic]) => `${name} ${topic.leaderless.join(' ')}`);
  return [
    fail(
      'leaders',
      `no broker leads ${names.join(', ')} (topic and partitions): their records wait; start the ` +
        'brokers that hold them',
    ),
  ];
}

const msPerDay = 86_400_000;

export function judgeDeadLetters(topics: KafkaSettings['topics'], facts: Facts): Finding[] {
  const letters = facts.get(topics.deadLetter);
  if (letters === undefined) return [];
  const name = topics.deadLetter;
  const room = findShortLetterRoom(topics.deadLetter, facts);
  return [
    room === undefined
      ? ok('dead letters', `${name} takes whatever its sources take`)
      : warn(
          'dead letters',
          `${name} takes ${room.letterBytes} bytes, its sources ${room.sourceBytes}: ` +
            `${shortLetterRoomAdvice}`,
        ),
    letters.retentionMs >= 0
      ? warn(
          'dead letters',
          `${name} deletes them after ${(letters.retentionMs / msPerDay).toFixed(1)} days: set ` +
            'its retention.ms to -1 to keep them',
        )
      : ok('dead letters', `${name} keeps them until somebody deletes them`),
  ];
}
