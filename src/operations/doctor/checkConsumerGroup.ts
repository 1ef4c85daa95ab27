import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { readDispatchers } from '../../db/reads/dispatcherList.ts';
import { consumerClientId } from '../../kafka/consumerClientId.ts';
import { type GroupMember, readGroupMembers } from '../../kafka/groupMembers.ts';
import type { Kafka } from '../../kafka/kafkaClient.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Whether all who take events are dispatchers of this database. */
export async function checkConsumerGroup({
  config,
  database,
  kafka,
}: {
  readonly config: Pick<Config, 'kafka'>;
  readonly database: Database;
  readonly kafka: Kafka;
}): Promise<Finding[]> {
  const { groupId } = config.kafka;
  const members = await readGroupMembers({ kafka, groupId });
  // Read after the members: a dispatcher has its row before it joins.
  const dispatchers = await readDispatchers(database);
  const names = dispatchers.map(({ name }) => name);
  return [judgeGroupMembers({ groupId, members, dispatchers: names })];
}

/** Pure. */
export function judgeGroupMembers({
  groupId,
  members,
  dispatchers,
}: {
  readonly groupId: string;
  readonly members: readonly GroupMember[];
  readonly dispatchers: readonly string[];
}): Finding {
  const ours = new Set(dispatchers.map(consumerClientId));
  const strangers = members.filter(({ clientId }) => !ours.has(clientId));
  if (strangers.length === 0) {
    return ok('consumer group', `nobody but dispatchers of this database is in ${groupId}`);
  }
  const names = strangers.map(({ clientId, host }) => `${clientId} from ${host}`);
  return warn(
    'consumer group',
    `${names.join(', ')} is in ${groupId} and no dispatcher of this database: it takes events of these bills, which ` +
      'then wait; stop it, or give its installation a KAFKA_GROUP_ID and TOPIC_... of its own',
  );
}
