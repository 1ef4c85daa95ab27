import { classifyKafkaError } from '../kafka/kafkaError.ts';
import type { Logger } from '../log/log.ts';
import { createOutage } from '../log/outage.ts';
import type { LaneChange } from './lanes.ts';

/** Logs which topics and partitions cannot be written, and when they can be written again. */
export type LaneLog = (changes: readonly LaneChange[]) => void;

/** The least time between two lines about one lane, in case it comes and goes. */
const quietMs = 10_000;

/**
 * Lanes that change together are logged in one line per topic and cause. If no broker answers at all, this is
 * logged as an outage of Kafka, not of topics.
 */
export function createLaneLog(log: Logger, now: () => number = () => performance.now()): LaneLog {
  const brokers = createOutage(log, 'kafka');
  /** The last line about each lane; `error` is undefined if it works again. */
  const logged = new Map<string, { at: number; error: string | undefined }>();

  const isNews = (change: LaneChange): boolean => {
    const last = logged.get(nameOf(change.lane));
    if (change.kind === 'working') return last?.error !== undefined;
    return last === undefined || (last.error !== errorOf(change) && now() - last.at > quietMs);
  };

  return (changes) => {
    for (const change of changes) {
      if (change.kind === 'working') brokers.succeeded();
      else if (!hasAnswer(change.error)) brokers.failed(change.error);
    }
    const news = changes.filter((change) => concernsTopic(change) && isNews(change));
    for (const change of news) logged.set(nameOf(change.lane), { at: now(), error: errorOf(change) });
    for (const group of Map.groupBy(news, groupOf).values()) logGroup(log, group);
  };
}

function nameOf({ topic, partition }: LaneChange['lane']): string {
  return `${topic}/${partition ?? '*'}`;
}

function errorOf(change: LaneChange): string | undefined {
  return change.kind === 'blocked' ? classifyKafkaError(change.error).type : undefined;
}

function hasAnswer(error: unknown): boolean {
  return classifyKafkaError(error).type !== undefined;
}

function concernsTopic(change: LaneChange): boolean {
  return change.kind === 'working' || hasAnswer(change.error);
}

function groupOf(change: LaneChange): string {
  return `${change.kind} ${change.lane.topic} ${errorOf(change)}`;
}

function logGroup(log: Logger, group: readonly LaneChange[]): void {
  const [first] = group;
  if (first === undefined) return;
  const partitions = group.flatMap(({ lane }) => (lane.partition === undefined ? [] : [lane.partition]));
  const facts = { topic: first.lane.topic, ...(partitions.length === 0 ? {} : { partitions }) };
  switch (first.kind) {
    case 'blocked': {
      const { type } = classifyKafkaError(first.error);
      log.warn(
        { ...facts, error: type, why: messageOf(first.error), todo: adviceOn(type) },
        'topic cannot be written: its records wait, all others are published',
      );
      break;
    }
    case 'working':
      log.info({ ...facts, blockedMs: first.blockedMs }, 'topic can be written again');
      break;
    default:
      first satisfies never;
  }
}

/** The message inside kafkajs's wrappers. */
function messageOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return messageOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}

function adviceOn(type: string | undefined): string {
  switch (type) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return 'create the topic, or correct its name in the settings (TOPIC_EMAIL, TOPIC_SMS, TOPIC_DLT)';
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return "grant Describe and Write on the topic to billcast's user";
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      return 'bring the missing brokers back, or lower min.insync.replicas of the topic';
    case 'LEADER_NOT_AVAILABLE':
    case 'NOT_LEADER_FOR_PARTITION':
      return (
        'a leader is being elected; if it lasts, bring back a broker that has a replica of the ' + 'partition'
      );
    case 'KAFKA_STORAGE_ERROR':
      return "check the disk of the partition's leader";
    case 'REQUEST_TIMED_OUT':
      return "check the partition's replicas: they do not follow in time";
    default:
      return "see the brokers' log";
  }
}
