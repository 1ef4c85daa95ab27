import { rm, writeFile } from 'node:fs/promises';
import { exists } from './atomicFolder.ts';
import { chooseBrokers, readBrokers } from './brokerCount.ts';
import type { ServerFacts } from './daemon.ts';
import { type DataFolder, dataFolder, kafkaOptions, locked } from './dataFolder.ts';
import {
  type KafkaFacts,
  kafkaFacts,
  launchKafkaBroker,
  startKafka,
  stopKafka,
  stopKafkaBroker,
  untilKafkaBroker,
} from './embeddedKafka.ts';
import { postgresFacts, startPostgres, stopPostgres, superuserOf } from './embeddedPostgres.ts';
import { liveUsers, registerUser } from './users.ts';

/*
 * <dataDir>/lock      held while the servers are started, stopped or counted
 * <dataDir>/users/    one file per process that uses the servers
 * <dataDir>/stay      the servers were started to stay: only stopEmbedded stops them
 * <dataDir>/brokers   the number of Kafka brokers; 1 if there is no such file
 * <dataDir>/postgres, kafka, kafka-3 ...   one Kafka per number of brokers; only one of them runs at a time
 *
 * Invariants
 * - Servers start and stop only under the lock.
 * - The last user's close() stops them, unless they were started to stay.
 * - The process table, not a file, decides what is running: after a kill -9 nothing needs repair.
 */

export interface EmbeddedNeeds {
  readonly kafka: boolean;
  readonly postgres: boolean;
}

export interface EmbeddedServers {
  /** host:port, separated by commas. */
  readonly kafkaBrokers?: string;
  /** postgres://, with the password. */
  readonly databaseUrl?: string;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly onProgress: (line: string) => void;
  /** The folder of Kafka's jars, `<dataDir>/kafka/jars-<version>` by default. Data folders may share it. */
  readonly jarsDir?: string;
  /** The number of Kafka brokers. Default: that of the last start, or 1. */
  readonly brokers?: number;
  /** `java` and `mvn` by default. */
  readonly commands?: { java?: string; maven?: string };
}

export interface EmbeddedStatus {
  readonly dataDir: string;
  /** The servers run until stopEmbedded. */
  readonly stay: boolean;
  /** Pids of the processes that use the servers. */
  readonly users: number[];
  readonly postgres: ServerFacts;
  readonly kafka: KafkaFacts;
}

export type OpenServers = EmbeddedServers & { close(): Promise<void> };

/**
 * Starts the needed servers that are not running, and registers this process as a user. The last user's
 * `close()` stops the servers, unless they were started to stay, and returns when they are gone. It may be
 * called twice.
 * @throws BillcastError JAVA_MISSING, MAVEN_MISSING or EMBEDDED_FAILED; then no server is left running
 * without a user
 */
export async function openEmbedded(
  options: EmbeddedOptions & { needs: EmbeddedNeeds },
): Promise<OpenServers> {
  const folder = await dataFolder(options.dataDir);
  const user = { file: '' };
  const close = once(() => locked(folder, options, () => release(folder, user.file)));
  try {
    const servers = await locked(folder, options, async () => {
      user.file = await registerUser(folder.users);
      return startServers(folder, options, options.needs);
    });
    return { ...servers, close };
  } catch (error) {
    if (user.file !== '') await close().catch(() => {});
    throw error;
  }
}

/**
 * Starts both servers if they are not running, and leaves them running until stopEmbedded.
 * @throws BillcastError as openEmbedded
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServers> {
  const folder = await dataFolder(options.dataDir);
  const { close, ...servers } = await openEmbedded({ ...options, needs: { kafka: true, postgres: true } });
  await locked(folder, options, () => writeFile(folder.stay, ''));
  await close();
  return servers;
}

/** Stops both servers cleanly, even if other processes use them. Returns when they are gone. */
export async function stopEmbedded(options: Pick<EmbeddedOptions, 'dataDir' | 'onProgress'>): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  await locked(folder, options, async () => {
    await rm(folder.stay, { force: true });
    await stopServers(folder);
  });
}

/**
 * Restarts one broker of the embedded cluster on its data and ports. Returns when it answers, which needs
 * most of the other brokers to be up: several may be started at once.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function startEmbeddedBroker(options: EmbeddedOptions, broker: number): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  const kafka = await locked(folder, options, async () => {
    const found = kafkaOptions(folder, options, await readBrokers(folder));
    await launchKafkaBroker(found, broker);
    return found;
  });
  await untilKafkaBroker(kafka, broker);
}

/**
 * Stops one broker of the embedded cluster cleanly. Returns when it is gone.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function stopEmbeddedBroker(options: EmbeddedOptions, broker: number): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  await locked(folder, options, async () =>
    stopKafkaBroker({ folder: folder.kafka, brokers: await readBrokers(folder) }, broker),
  );
}

/**
 * The superuser's address of this folder's running database. billcast's user is no superuser. For
 * tests and measurements.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function embeddedSuperuserUrl(options: { dataDir: string }): Promise<string> {
  return superuserOf((await dataFolder(options.dataDir)).postgres);
}

/** What is running in this data folder, and for whom. */
export async function embeddedStatus(options: { dataDir: string }): Promise<EmbeddedStatus> {
  const folder = await dataFolder(options.dataDir);
  const [stay, users, postgres, kafka] = await Promise.all([
    exists(folder.stay),
    liveUsers(folder.users),
    postgresFacts(folder.postgres),
    readBrokers(folder).then((brokers) => kafkaFacts({ folder: folder.kafka, brokers })),
  ]);
  return { dataDir: folder.root, stay, users, postgres, kafka };
}

/** Both start at once. If one fails we still wait for the other, so that no start outlives this call. */
async function startServers(
  folder: DataFolder,
  options: EmbeddedOptions,
  needs: EmbeddedNeeds,
): Promise<EmbeddedServers> {
  const { onProgress } = options;
  const [kafka, postgres] = await Promise.allSettled([
    needs.kafka ? startChosenKafka(folder, options) : undefined,
    needs.postgres ? startPostgres(folder.postgres, onProgress) : undefined,
  ]);
  if (kafka.status === 'rejected') throw kafka.reason;
  if (postgres.status === 'rejected') throw postgres.reason;
  return {
    ...(kafka.value === undefined ? {} : { kafkaBrokers: kafka.value }),
    ...(postgres.value === undefined ? {} : { databaseUrl: postgres.value }),
  };
}

async function startChosenKafka(folder: DataFolder, options: EmbeddedOptions): Promise<string> {
  const brokers = await chooseBrokers(folder, options.brokers);
  return startKafka(kafkaOptions(folder, options, brokers), options.onProgress);
}

async function stopServers(folder: DataFolder): Promise<void> {
  const brokers = await readBrokers(folder);
  await Promise.all([stopKafka({ folder: folder.kafka, brokers }), stopPostgres(folder.postgres)]);
}

async function release(folder: DataFolder, userFile: string): Promise<void> {
  await rm(userFile, { force: true });
  const inUse = (await liveUsers(folder.users)).length > 0 || (await exists(folder.stay));
  if (!inUse) await stopServers(folder);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
