import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BillcastError } from '../errors.ts';
import { type DaemonFiles, findDaemon, launchDaemon, stopDaemon, tailOf } from './daemon.ts';
import { kafkaVersion } from './kafkaJars.ts';
import type { KafkaNode } from './kafkaNodes.ts';
import { writeProperties } from './kafkaStorage.ts';
import { readPort } from './ports.ts';
import type { ServerFacts } from './serverFacts.ts';

/*
 * <node's folder>/log          the partitions; it appears when it has been formatted whole
 * <node's folder>/server.properties   written anew at each start
 * <node's folder>/pid, port, controller.port, server.log, console.log
 */

/**
 * The first compiler alone. Measured at 50,000 messages/s on 2 cores: ready after 1.8 s and 5.5 us of CPU a message;
 * with both compilers 2.3 s, 14 us at first and 6.5 us after 800,000 messages; with G1 2.4 s, 14 us and 11 us.
 */
const jvmFlags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];

/** Of the Java heap: a cluster of three takes about as much memory as a person expects of it. */
const heapMb = { single: 512, ofCluster: 256 };

/** Stopping takes longer than this only if the other controllers are gone too; what was acknowledged is on disk then. */
const stopWithinMs = { single: 60_000, ofCluster: 15_000 };

/** Starts the process of one broker; it does not answer yet. Each node has its ports already. */
export async function launchBroker(
  node: KafkaNode,
  nodes: readonly KafkaNode[],
  { jarsDir, java }: { jarsDir: string; java: string },
): Promise<void> {
  const { folder } = node;
  const properties = join(folder, 'server.properties');
  await writeProperties({ node, nodes, file: properties, logDir: join(folder, 'log') });
  const heap = nodes.length === 1 ? heapMb.single : heapMb.ofCluster;
  const args = [
    `-Xms${heap}m`,
    `-Xmx${heap}m`,
    ...jvmFlags,
    `-Dbillcast.log=${serverLog(node)}`,
    `-Dlog4j2.configurationFile=${fileURLToPath(new URL('./log4j2.xml', import.meta.url))}`,
    '-cp',
    join(jarsDir, '*'),
    'kafka.Kafka',
    properties,
  ];
  await launchDaemon(brokerFiles(node), { command: java, args, cwd: folder });
}

/** Stops a broker cleanly, if it runs, and returns when it is gone. */
export function stopBroker(node: KafkaNode, { ofCluster }: { ofCluster: boolean }): Promise<void> {
  return stopDaemon(brokerFiles(node), [
    { signal: 'SIGTERM', waitMs: ofCluster ? stopWithinMs.ofCluster : stopWithinMs.single },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
}

/** Whether a broker runs, and where. */
export async function brokerFacts(node: KafkaNode): Promise<ServerFacts> {
  const pid = await findDaemon(brokerFiles(node));
  const port = await readPort(join(node.folder, 'port'));
  return pid === undefined || port === undefined
    ? { running: false }
    : { running: true, pid, port, version: kafkaVersion };
}

export function brokerFiles({ folder }: KafkaNode): DaemonFiles {
  return {
    pidFile: join(folder, 'pid'),
    logFile: join(folder, 'console.log'),
    marker: `kafka.Kafka ${join(folder, 'server.properties')}`,
  };
}

/** Why a broker did not start, as far as its logs say. */
export async function brokerFailure(node: KafkaNode): Promise<BillcastError> {
  const log = serverLog(node);
  const console = await tailOf(brokerFiles(node).logFile, 3);
  const cause = new Error(`${console}\n${await tailOf(log, 5, / ERROR |Caused by/)}`);
  return new BillcastError('EMBEDDED_FAILED', `The embedded Kafka did not start; see ${log}.`, { cause });
}

function serverLog({ folder }: KafkaNode): string {
  return join(folder, 'server.log');
}
