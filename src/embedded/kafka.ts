import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BillcastError } from '../errors.ts';
import { type DaemonFiles, findDaemon, launchDaemon, stopDaemon, tailOf, untilReady } from './daemon.ts';
import { requireJava } from './java.ts';
import { fetchKafkaJars, KAFKA_VERSION } from './kafkaJars.ts';
import { probeKafka } from './kafkaProbe.ts';
import { prepareStorage, readClusterId, writeProperties } from './kafkaStorage.ts';
import { readPort } from './ports.ts';
import type { ServerFacts } from './serverFacts.ts';

/*
 * <folder>/log          the partitions; it appears when it has been formatted whole
 * <folder>/server.properties   written anew at each start
 * <folder>/pid, port, controller.port, server.log, console.log
 */

/** After a kill -9 the broker checks the end of every partition first. */
const READY_DEADLINE_MS = 180_000;

/**
 * The first compiler alone. Measured at 50,000 messages/s on 2 cores: ready after 1.8 s and 5.5 us of CPU a message;
 * with both compilers 2.3 s, 14 us at first and 6.5 us after 800,000 messages; with G1 2.4 s, 14 us and 11 us.
 */
const JVM_FLAGS = [
  '-Xms512m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.awt.headless=true',
];

export interface KafkaOptions {
  folder: string;
  jarsDir: string;
  java: string;
  maven: string;
}

/**
 * Starts Kafka unless it runs, and returns its address when it answers a metadata request. The caller holds the lock.
 * @throws BillcastError JAVA_MISSING, MAVEN_MISSING or EMBEDDED_FAILED
 */
export const startKafka = async (
  options: KafkaOptions,
  onProgress: (line: string) => void,
): Promise<string> => {
  const { folder, jarsDir, java, maven } = options;
  const found = await readyKafka(folder);
  if (found !== undefined) return found;
  await requireJava(java);
  await fetchKafkaJars({ folder: jarsDir, maven }, onProgress);
  const startedAt = performance.now();
  await mkdir(folder, { recursive: true });
  await prepareStorage({ folder, jarsDir, java, onProgress });
  const broker = await launch(options);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  onProgress(`Kafka ${KAFKA_VERSION} is ready on ${broker} after ${seconds} s.`);
  return broker;
};

/** Stops Kafka cleanly, if it runs, and returns when it is gone. */
export const stopKafka = (folder: string): Promise<void> =>
  stopDaemon(filesIn(folder), [
    { signal: 'SIGTERM', waitMs: 60_000 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ]);

/** Whether Kafka runs, and where. */
export const kafkaFacts = async (folder: string): Promise<ServerFacts> => {
  const pid = await findDaemon(filesIn(folder));
  const port = await readPort(join(folder, 'port'));
  return pid === undefined || port === undefined
    ? { running: false }
    : { running: true, pid, port, version: KAFKA_VERSION };
};

/** Undefined when the broker does not run, or ended while we waited for it to answer. */
const readyKafka = async (folder: string): Promise<string | undefined> => {
  const files = filesIn(folder);
  if ((await findDaemon(files)) === undefined) return undefined;
  const port = await readPort(join(folder, 'port'));
  if (port === undefined) {
    await stopKafka(folder);
    return undefined;
  }
  const broker = `127.0.0.1:${port}`;
  const clusterId = await readClusterId(folder);
  const answers = async () => ((await probeKafka(broker)) === clusterId ? broker : undefined);
  return untilReady(files, answers, READY_DEADLINE_MS);
};

/** Another program may take a port between our look and the broker's: then we try once more with others. */
const launch = async (options: KafkaOptions): Promise<string> => {
  const { folder, jarsDir, java } = options;
  for (let attempt = 0; attempt < 2; attempt++) {
    await writeProperties(folder, join(folder, 'server.properties'), join(folder, 'log'));
    const args = [...jvmArgs(folder, jarsDir), 'kafka.Kafka', join(folder, 'server.properties')];
    await launchDaemon(filesIn(folder), { command: java, args, cwd: folder });
    const broker = await readyKafka(folder);
    if (broker !== undefined) return broker;
  }
  throw await failure(folder);
};

/** The flags of the machine, the log and the class path. */
const jvmArgs = (folder: string, jarsDir: string): string[] => [
  ...JVM_FLAGS,
  `-Dbillcast.log=${join(folder, 'server.log')}`,
  `-Dlog4j2.configurationFile=${fileURLToPath(new URL('./log4j2.xml', import.meta.url))}`,
  '-cp',
  join(jarsDir, '*'),
];

const filesIn = (folder: string): DaemonFiles => ({
  pidFile: join(folder, 'pid'),
  logFile: join(folder, 'console.log'),
  marker: `kafka.Kafka ${join(folder, 'server.properties')}`,
});

const failure = async (folder: string): Promise<BillcastError> => {
  const log = join(folder, 'server.log');
  const console = await tailOf(filesIn(folder).logFile, 3);
  const cause = new Error(`${console}\n${await tailOf(log, 5, / ERROR |Caused by/)}`);
  return new BillcastError('EMBEDDED_FAILED', `The embedded Kafka did not start; see ${log}.`, { cause });
};
