import assert from 'node:assert/strict';
import kafkajs, { type Cluster, type Kafka } from 'kafkajs';

/**
 * Makes the coordinator forget the group's members, as if their sessions had expired: each learns of it by
 * UNKNOWN_MEMBER_ID. kafkajs hands its cluster, which can send the request, to an assigner.
 */
export async function expelMembers(kafka: Kafka, groupId: string): Promise<number> {
  const found: Cluster[] = [];
  const consumer = kafka.consumer({
    groupId: `${groupId}-nobody`,
    partitionAssigners: [
      (config) => {
        found.push(config.cluster);
        return kafkajs.PartitionAssigners.roundRobin(config);
      },
    ],
  });
  const admin = kafka.admin();
  await Promise.all([consumer.connect(), admin.connect()]);
  try {
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups[0]?.members ?? [];
    const coordinator = await found[0]?.findGroupCoordinator({ groupId });
    for (const { memberId } of members) await leaveGroup(coordinator, { groupId, memberId });
    return members.length;
  } finally {
    await Promise.all([consumer.disconnect(), admin.disconnect()]);
  }
}

/** kafkajs's broker can do this; its types do not say so. */
async function leaveGroup(
  coordinator: unknown,
  request: { groupId: string; memberId: string },
): Promise<void> {
  assert.ok(typeof coordinator === 'object' && coordinator !== null && 'leaveGroup' in coordinator);
  assert.ok(typeof coordinator.leaveGroup === 'function');
  await coordinator.leaveGroup(request);
}
