import { setTimeout as sleep } from 'node:timers/promises';
import { BillcastError } from '../../../src/errors.ts';
import { withAdmin } from '../../../src/kafka/kafkaClient.ts';
import { type Arena, waitBetween } from './injection.ts';

/*
 * What befalls a cluster. Each of these leaves all brokers up and every partition with all its replicas in sync: the
 * next one may kill two brokers without losing what was acknowledged.
 */

/** `kill -9` of the broker that leads some partition; the others lead it meanwhile. */
export async function strikeLeader(arena: Arena): Promise<void> {
  const { brokers } = arena.world.servers;
  const { topic, partition } = anyPartition(arena);
  const leader = (await readPlaces(arena, topic)).find((one) => one.partition === partition)?.leader;
  if (leader === undefined || leader < 1) return;
  arena.begin(`kill -9 of broker ${leader}, which leads ${topic}/${partition}`);
  await brokers.kill(leader);
  await waitBetween(arena, 500, 6_000);
  await brokers.start(leader);
  await untilWhole(arena);
}

/** Every broker is stopped cleanly and started again, one after another, as in an upgrade. */
export async function strikeRolling(arena: Arena): Promise<void> {
  const { brokers } = arena.world.servers;
  arena.begin(`a restart of ${brokers.count} brokers in a row`);
  for (let broker = 1; broker <= brokers.count; broker++) {
    await brokers.stop(broker);
    await brokers.start(broker);
    await untilWhole(arena);
  }
}

/**
 * Some partition lies on one broker alone, which is stopped: for a while it alone has no leader. Stopped and not killed:
 * after a `kill -9` of the only replica Kafka waits for a person, since records may be gone.
 */
export async function strikeLeaderless(arena: Arena): Promise<void> {
  const { brokers } = arena.world.servers;
  const { topic, partition } = anyPartition(arena);
  const place = (await readPlaces(arena, topic)).find((one) => one.partition === partition);
  if (place === undefined) return;
  const alone = arena.random.integer(1, brokers.count);
  await moveReplicas(arena, { topic, partition, replicas: [alone] });
  arena.begin(`stop of broker ${alone}, which alone has ${topic}/${partition}`);
  await brokers.stop(alone);
  await waitBetween(arena, 3_500, 9_000);
  await brokers.start(alone);
  await moveReplicas(arena, { topic, partition, replicas: place.replicas });
  await untilWhole(arena);
}

/** `kill -9` of all brokers but one: it can neither be elected nor take a record for good. */
export async function strikeMajority(arena: Arena): Promise<void> {
  const { brokers } = arena.world.servers;
  const survivor = arena.random.integer(1, brokers.count);
  const victims = Array.from({ length: brokers.count }, (_, at) => at + 1).filter((one) => one !== survivor);
  arena.begin(`kill -9 of brokers ${victims.join(' and ')}`);
  await Promise.all(victims.map((broker) => brokers.kill(broker)));
  await waitBetween(arena, 1_000, 5_000);
  await Promise.all(victims.map((broker) => brokers.start(broker)));
  await untilWhole(arena);
}

function anyPartition({ world, random }: Arena): { topic: string; partition: number } {
  const { topics, partitions } = world.config.kafka;
  const topic = random.pick([topics.EMAIL, topics.SMS, topics.deadLetter]);
  return { topic, partition: random.integer(0, partitions - 1) };
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

function readPlaces({ world: { kafka } }: Arena, ...names: string[]): Promise<Place[]> {
  return withAdmin({ kafka }, 'The places of partitions could not be read.', async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionId, leader, replicas, isr }) => ({
        topic: name,
        partition: partitionId,
        leader,
        replicas,
        inSync: isr,
      })),
    );
  });
}

/** Asked again until it is so: a controller that has just changed refuses. */
async function moveReplicas(
  arena: Arena,
  { topic, partition, replicas }: Pick<Place, 'topic' | 'partition' | 'replicas'>,
): Promise<void> {
  const wanted = [...replicas];
  await until(arena, `${topic}/${partition} on ${wanted.join(', ')}`, async () => {
    const place = (await readPlaces(arena, topic)).find((one) => one.partition === partition);
    if (`${place?.replicas.toSorted()}` === `${wanted.toSorted()}`) return undefined;
    await withAdmin({ kafka: arena.world.kafka }, 'A partition could not be moved.', (admin) =>
      admin.alterPartitionReassignments({
        topics: [{ topic, partitionAssignment: [{ partition, replicas: wanted }] }],
      }),
    );
    return `on ${place?.replicas.join(', ')}`;
  });
}

function untilWhole(arena: Arena): Promise<void> {
  return until(arena, 'all replicas in sync', async () => {
    const places = await readPlaces(arena, ...Object.values(arena.world.config.kafka.topics));
    const broken = places.find(({ replicas, inSync }) => replicas.length !== inSync.length);
    return broken === undefined ? undefined : JSON.stringify(broken);
  });
}

const lookEveryMs = 250;
const withinMs = 120_000;

/**
 * @param lookFor finds what is still in the way, or undefined
 * @throws BillcastError CHAOS_FAILED if something is for too long
 */
async function until(
  { signal }: Arena,
  what: string,
  lookFor: () => Promise<string | undefined>,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const obstacle = await lookFor().catch(unanswered);
    if (obstacle === undefined) return;
    if (performance.now() > giveUpAt) {
      throw new BillcastError('CHAOS_FAILED', `Waited too long for ${what}: ${obstacle}`);
    }
    await sleep(lookEveryMs, undefined, { signal });
  }
}

function unanswered(error: unknown): string {
  if (error instanceof BillcastError && error.code === 'KAFKA_FAILED') return String(error.cause);
  throw error;
}
