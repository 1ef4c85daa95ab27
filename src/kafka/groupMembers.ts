import type { Kafka } from 'kafkajs';
import { withAdmin } from './kafkaAdmin.ts';

/** A consumer of a group. */
export interface GroupMember {
  readonly clientId: string;
  /** From where it is connected, as the broker sees it. */
  readonly host: string;
}

/** @throws BillcastError KAFKA_FAILED */
export async function readGroupMembers(options: {
  readonly kafka: Kafka;
  readonly groupId: string;
}): Promise<GroupMember[]> {
  return withAdmin(options, 'The consumer group could not be read from Kafka.', async (admin) => {
    const { groups } = await admin.describeGroups([options.groupId]);
    return groups.flatMap(({ members }) =>
      members.map(({ clientId, clientHost }) => ({ clientId, host: clientHost.replace(/^\//, '') })),
    );
  });
}
