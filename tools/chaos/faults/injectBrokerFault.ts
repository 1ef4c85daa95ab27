import { setTimeout as sleep } from 'node:timers/promises';
import { ownTopics } from '../../../src/config/billTopics.ts';
import { BillcastError } from '../../../src/errors.ts';
import { withAdmin } from '../../../src/kafka/kafkaAdmin.ts';
import { type InjectionDeps, waitBetween } from './injection.ts';

/*
 * Faults of a cluster. Each ends with all brokers up and all replicas in sync, so that the next one may kill
 * two brokers without losing acknowledged records.
 */

/** `kill -9` of the broker that leads a random partition. Others lead it meanwhile. */
export async function injectLeaderKill(deps: InjectionDeps): Promise<void> {
  const { brokers } = deps.testbed.servers;
  const { topic, partition } = anyPartition(deps);
  const leader = (await readPlaces(deps, topic)).find((one) => one.partition === partition)?.leader;
  if (leader === undefined || leader < 1) return;
  deps.begin(`kill -9 of broker ${leader}, which leads ${topic}/${partition}`);
  await brokers.kill(leader);
  await waitBetween(deps, 500, 6_000);
  await brokers.start(leader);
  await untilWhole(deps);
}

/** Stops and restarts every broker cleanly, one after another, as an upgrade does. */
export async function injectRollingRestart(deps: InjectionDeps): Promise<void> {
  const { brokers } = deps.testbed.servers;
  deps.begin(`rolling restart of ${brokers.count} brokers`);
  for (let broker = 1; broker <= brokers.count; broker++) {
    await brokers.stop(broker);
    await brokers.start(broker);
    await untilWhole(deps);
  }
}

/**
 * Moves a partition to a single broker and stops that broker, so that only this partition has no leader for a
 * while. The broker is not killed: after a `kill -9` of the only replica Kafka waits for a person, since
 * records may be gone.
 */
export async function injectLeaderlessPartition(deps: InjectionDeps): Promise<void> {
  const { brokers } = deps.testbed.servers;
  const { topic, partition } = anyPartition(deps);
  const place = (await readPlaces(deps, topic)).find((one) => one.partition === partition);
  if (place === undefined) return;
  const alone = deps.random.integer(1, brokers.count);
  await moveReplicas(deps, { topic, partition, replicas: [alone] });
  deps.begin(`stop of broker ${alone}, the only one with ${topic}/${partition}`);
  await brokers.stop(alone);
  await waitBetween(deps, 3_500, 9_000);
  await brokers.start(alone);
  await moveReplicas(deps, { topic, partition, replicas: place.replicas });
  await untilWhole(deps);
}

/** `kill -9` of all brokers but one, which can then neither be elected nor accept a record durably. */
export async function injectMajorityLoss(deps: InjectionDeps): Promise<void> {
  const { brokers } = deps.testbed.servers;
  const survivor = deps.random.integer(1, brokers.count);
  const victims = Array.from({ length: brokers.count }, (_, at) => at + 1).filter((one) => one !== survivor);
  deps.begin(`kill -9 of brokers ${victims.join(' and ')}`);
  await Promise.all(victims.map((broker) => brokers.kill(broker)));
  await waitBetween(deps, 1_000, 5_000);
  await Promise.all(victims.map((broker) => brokers.start(broker)));
  await untilWhole(deps);
}

function anyPartition({ testbed, random }: InjectionDeps): { topic: string; partition: number } {
  const { topics, partitions } = testbed.config.kafka;
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

function readPlaces({ testbed: { kafka } }: InjectionDeps, ...names: string[]): Promise<Place[]> {
  return withAdmin({ kafka }, 'The replicas of the partitions could not be read.', async (admin) => {
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

/** Repeats the request until it is done: a controller that has just changed refuses it. */
async function moveReplicas(
  deps: InjectionDeps,
  { topic, partition, replicas }: Pick<Place, 'topic' | 'partition' | 'replicas'>,
): Promise<void> {
  const wanted = [...replicas];
  await until(deps, `${topic}/${partition} on ${wanted.join(', ')}`, async () => {
    const place = (await readPlaces(deps, topic)).find((one) => one.partition === partition);
    if (`${place?.replicas.toSorted()}` === `${wanted.toSorted()}`) return undefined;
    await withAdmin({ kafka: deps.testbed.kafka }, 'A partition could not be moved.', (admin) =>
      admin.alterPartitionReassignments({
        topics: [{ topic, partitionAssignment: [{ partition, replicas: wanted }] }],
      }),
    );
    return `on ${place?.replicas.join(', ')}`;
  });
}

function untilWhole(deps: InjectionDeps): Promise<void> {
  return until(deps, 'all replicas in sync', async () => {
    const places = await readPlaces(deps, ...ownTopics(deps.testbed.config).map(({ name }) => name));
    const broken = places.find(({ replicas, inSync }) => replicas.length !== inSync.length);
    return broken === undefined ? undefined : JSON.stringify(broken);
  });
}

const lookEveryMs = 250;
const withinMs = 120_000;

/**
 * @param lookFor returns what is still missing, or undefined
 * @throws BillcastError CHAOS_FAILED if something is missing for too long
 */
async function until(
  { signal }: InjectionDeps,
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
