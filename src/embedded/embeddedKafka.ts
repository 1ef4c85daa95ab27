import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { probeBroker } from '../kafka/brokerProbe.ts';
import { exists } from './atomicFolder.ts';
import { findDaemon, type ServerFacts, untilReady } from './daemon.ts';
import { requireJava } from './java.ts';
import { brokerFacts, brokerFailure, brokerFiles, launchBroker, stopBroker } from './kafkaBroker.ts';
import { fetchKafkaJars, kafkaVersion, requireMaven } from './kafkaJars.ts';
import { allNodePorts, chooseNodePorts, type KafkaNode, kafkaNodes, readNodePorts } from './kafkaNodes.ts';
import { prepareStorage, readClusterId } from './kafkaStorage.ts';

/** After a kill -9 a broker first checks the end of every partition. */
const readyDeadlineMs = 180_000;

/** Identifies one embedded Kafka. */
export interface KafkaPlace {
  /** The folder of a single broker. A cluster has folders beside it. */
  readonly folder: string;
  readonly brokers: number;
}

export interface KafkaOptions extends KafkaPlace {
  readonly jarsDir: string;
  readonly java: string;
  readonly maven: string;
}

/** For a cluster, `brokers` has one entry per broker, and pid and port are absent. */
export interface KafkaFacts extends ServerFacts {
  readonly brokers?: (ServerFacts & { broker: number })[];
}

/**
 * Starts the brokers that are not running. Returns their addresses, separated by commas, when each of them
 * answers and knows all others. The caller holds the lock.
 * @throws BillcastError JAVA_MISSING, MAVEN_MISSING or EMBEDDED_FAILED
 */
export async function startKafka(options: KafkaOptions, onProgress: (line: string) => void): Promise<string> {
  const { jarsDir, java, maven } = options;
  const nodes = kafkaNodes(options.folder, options.brokers);
  const found = await readyKafka(nodes);
  if (found !== undefined) return found;
  await requireJava(java);
  await fetchKafkaJars({ folder: jarsDir, maven }, onProgress);
  const startedAt = performance.now();
  for (const { folder } of nodes) await mkdir(folder, { recursive: true });
  if (!(await someRun(nodes))) await chooseNodePorts(nodes);
  await prepareStorage({ nodes, jarsDir, java, onProgress });
  const addresses = await launch(nodes, options);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  onProgress(`Kafka ${kafkaVersion} is ready on ${addresses} after ${seconds} s.`);
  return addresses;
}

/**
 * Checks that the embedded Kafka can be started: it needs Java, and Maven until its jars are fetched.
 * @throws BillcastError JAVA_MISSING or MAVEN_MISSING
 */
export async function requireTools({ dataDir }: { dataDir: string }): Promise<void> {
  await requireJava('java');
  if (!(await exists(join(dataDir, 'kafka', `jars-${kafkaVersion}`)))) await requireMaven('mvn');
}

/**
 * Starts the process of one broker on its data and ports, unless it is running. The caller holds the lock.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function launchKafkaBroker(options: KafkaOptions, id: number): Promise<void> {
  const nodes = kafkaNodes(options.folder, options.brokers);
  const node = nodeOf(nodes, id);
  if ((await findDaemon(brokerFiles(node))) === undefined) await launchBroker(node, nodes, options);
}

/**
 * Waits until this broker answers. It cannot until most controllers are up, so this needs no lock: several
 * brokers may be awaited at once.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function untilKafkaBroker({ folder, brokers }: KafkaPlace, id: number): Promise<void> {
  const node = nodeOf(kafkaNodes(folder, brokers), id);
  if ((await whenReady([node])) === undefined) throw await brokerFailure(node);
}

/** Stops Kafka cleanly if it is running. Returns when it is gone. */
export async function stopKafka({ folder, brokers }: KafkaPlace): Promise<void> {
  const nodes = kafkaNodes(folder, brokers);
  await Promise.all(nodes.map((node) => stopBroker(node, { ofCluster: brokers > 1 })));
}

/** Stops one broker of a cluster cleanly: its partitions' leaders move first. */
export function stopKafkaBroker({ folder, brokers }: KafkaPlace, id: number): Promise<void> {
  return stopBroker(nodeOf(kafkaNodes(folder, brokers), id), { ofCluster: brokers > 1 });
}

/** Whether Kafka is running, and where. */
export async function kafkaFacts({ folder, brokers }: KafkaPlace): Promise<KafkaFacts> {
  const nodes = kafkaNodes(folder, brokers);
  const facts = await Promise.all(
    nodes.map(async (node) => ({ broker: node.id, ...(await brokerFacts(node)) })),
  );
  const [{ broker: _, ...first } = { broker: 1, running: false }] = facts;
  return brokers === 1 ? first : { running: facts.some(({ running }) => running), brokers: facts };
}

/** Undefined if a broker is not running, or ended while we waited for its answer. */
async function readyKafka(nodes: readonly KafkaNode[]): Promise<string | undefined> {
  if (!(await allRun(nodes))) return undefined;
  const withPorts = await Promise.all(nodes.map(readNodePorts));
  if (withPorts.every((ports) => ports !== undefined)) return whenReady(nodes);
  await Promise.all(nodes.map((node) => stopBroker(node, { ofCluster: nodes.length > 1 })));
  return undefined;
}

/** Waits until each node answers and knows all others; undefined if one ended first. */
async function whenReady(nodes: readonly KafkaNode[]): Promise<string | undefined> {
  const places = await allNodePorts(nodes);
  const clusterId = await readClusterId(nodes);
  const waits = places.map(async ({ folder, id, port }) => {
    const answers = async (): Promise<'ready' | 'gone' | undefined> => {
      const facts = await probeBroker(`127.0.0.1:${port}`);
      const isReady =
        facts?.clusterId === clusterId && places.every((one) => facts?.nodeIds.includes(one.id));
      if (isReady) return 'ready';
      return (await allRun(nodes)) ? undefined : 'gone';
    };
    return (await untilReady(brokerFiles({ id, folder }), answers, readyDeadlineMs)) === 'ready';
  });
  const ready = await Promise.all(waits);
  return ready.every(Boolean) ? places.map(({ port }) => `127.0.0.1:${port}`).join(',') : undefined;
}

/**
 * Another program may take a port between our check and the broker's start: then we retry once with other
 * ports, unless a broker of the cluster is already running and knows the ports of all.
 */
async function launch(nodes: readonly KafkaNode[], options: KafkaOptions): Promise<string> {
  const tries = (await someRun(nodes)) ? 1 : 2;
  for (let attempt = 1; attempt <= tries; attempt++) {
    if (attempt > 1) {
      await stopKafka(options);
      await chooseNodePorts(nodes);
    }
    const idle = await idleOf(nodes);
    await Promise.all(idle.map((node) => launchBroker(node, nodes, options)));
    const addresses = await readyKafka(nodes);
    if (addresses !== undefined) return addresses;
  }
  const [failed = nodes[0]] = await idleOf(nodes);
  throw failed === undefined ? new TypeError('a Kafka without a broker') : await brokerFailure(failed);
}

async function idleOf(nodes: readonly KafkaNode[]): Promise<KafkaNode[]> {
  const pids = await Promise.all(nodes.map((node) => findDaemon(brokerFiles(node))));
  return nodes.filter((_, at) => pids[at] === undefined);
}

async function allRun(nodes: readonly KafkaNode[]): Promise<boolean> {
  return (await idleOf(nodes)).length === 0;
}

async function someRun(nodes: readonly KafkaNode[]): Promise<boolean> {
  return (await idleOf(nodes)).length < nodes.length;
}

function nodeOf(nodes: readonly KafkaNode[], id: number): KafkaNode {
  const node = nodes.find((one) => one.id === id);
  if (node !== undefined) return node;
  throw new BillcastError('EMBEDDED_FAILED', `The embedded Kafka has no broker ${id}.`);
}
