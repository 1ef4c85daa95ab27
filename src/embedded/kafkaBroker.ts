import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BillcastError } from '../errors.ts';
import {
  type DaemonFiles,
  findDaemon,
  launchDaemon,
  type ServerFacts,
  stopDaemon,
  tailOf,
} from './daemon.ts';
import { kafkaVersion } from './kafkaJars.ts';
import type { KafkaNode } from './kafkaNodes.ts';
import { writeProperties } from './kafkaStorage.ts';
import { readPort } from './ports.ts';

/*
 * <node's folder>/log                 the partitions; it appears when formatting is complete
 * <node's folder>/server.properties   rewritten at each start
 * <node's folder>/pid, port, controller.port, server.log, console.log
 */

/**
 * Uses only the first compiler. Measured at 50,000 messages/s on 2 cores: ready after 1.8 s, 5.5 us of CPU
 * per message. With both compilers: 2.3 s, 14 us at first, 6.5 us after 800,000 messages. With G1: 2.4 s, 14
 * us and 11 us.
 */
const jvmFlags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];

/** The Java heap. A cluster of three should not need three times the memory of one broker. */
const heapMb = { single: 512, ofCluster: 256 };

/**
 * A stop takes longer only if the other controllers are gone too; acknowledged records are on disk by then.
 */
const stopWithinMs = { single: 60_000, ofCluster: 15_000 };

/** Starts the process of one broker, which does not answer yet. Each node must have its ports. */
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

/** Stops a broker cleanly if it is running. Returns when it is gone. */
export function stopBroker(node: KafkaNode, { ofCluster }: { ofCluster: boolean }): Promise<void> {
  return stopDaemon(brokerFiles(node), [
    { signal: 'SIGTERM', waitMs: ofCluster ? stopWithinMs.ofCluster : stopWithinMs.single },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);
}

/** Whether a broker is running, and where. */
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

/** Why a broker did not start, from its logs. */
export async function brokerFailure(node: KafkaNode): Promise<BillcastError> {
  const log = serverLog(node);
  const console = await tailOf(brokerFiles(node).logFile, 3);
  const cause = new Error(`${console}\n${await tailOf(log, 5, / ERROR |Caused by/)}`);
  return new BillcastError('EMBEDDED_FAILED', `The embedded Kafka did not start; see ${log}.`, { cause });
}

function serverLog({ folder }: KafkaNode): string {
  return join(folder, 'server.log');
}
