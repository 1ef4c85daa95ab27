import { rm, writeFile } from 'node:fs/promises';
import { exists } from './atomicFolder.ts';
import { chooseBrokers, readBrokers } from './brokerCount.ts';
import { type DataFolder, dataFolder, kafkaOptions, locked } from './dataFolder.ts';
import { type KafkaFacts, kafkaFacts, startKafka, stopKafka } from './embeddedKafka.ts';
import { postgresFacts, startPostgres, stopPostgres, superuserOf } from './embeddedPostgres.ts';
import type { ServerFacts } from './serverFacts.ts';
import { liveUsers, registerUser } from './users.ts';

/*
 * <dataDir>/lock      held while the servers are started, stopped or counted
 * <dataDir>/users/    a file for each process that uses them
 * <dataDir>/stay      they were started to stay: only stopEmbedded stops them
 * <dataDir>/brokers   how many brokers Kafka has; one where there is no such file
 * <dataDir>/postgres, kafka, kafka-3 ...   each number of brokers has a Kafka of its own; one of them runs at a time
 *
 * Invariants: servers start and stop only under the lock; the last user's close() stops them unless they stay; what
 * runs is told by the process table and not by a file, so that nothing has to be repaired after a kill -9.
 */

export interface EmbeddedNeeds {
  kafka: boolean;
  postgres: boolean;
}

export interface EmbeddedServers {
  /** host:port, comma between */
  kafkaBrokers?: string;
  /** postgres://, with the password in it */
  databaseUrl?: string;
}

export interface EmbeddedOptions {
  dataDir: string;
  onProgress: (line: string) => void;
  /** Where Kafka's jars are kept, `<dataDir>/kafka/jars-<version>` by default; several data folders may share it. */
  jarsDir?: string;
  /** How many brokers Kafka has; as many as last time by default, and one at first. */
  brokers?: number;
  /** `java` and `mvn` by default. */
  commands?: { java?: string; maven?: string };
}

export interface EmbeddedStatus {
  dataDir: string;
  /** They run until stopEmbedded. */
  stay: boolean;
  /** Pids of the processes that use them. */
  users: number[];
  postgres: ServerFacts;
  kafka: KafkaFacts;
}

export type OpenServers = EmbeddedServers & { close(): Promise<void> };

/**
 * Starts the servers that are needed and do not run, finds those that do, and notes this process as a user.
 * The last user's `close()` returns when the servers are stopped, unless they were started to stay; it may be called
 * twice.
 * @throws BillcastError JAVA_MISSING, MAVEN_MISSING or EMBEDDED_FAILED; then no server is left running without a user
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
 * Starts both servers, or finds them, and leaves them running until stopEmbedded.
 * @throws BillcastError as openEmbedded
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServers> {
  const folder = await dataFolder(options.dataDir);
  const { close, ...servers } = await openEmbedded({ ...options, needs: { kafka: true, postgres: true } });
  await locked(folder, options, () => writeFile(folder.stay, ''));
  await close();
  return servers;
}

/** Stops both servers cleanly, whoever started or uses them, and returns when they are gone. */
export async function stopEmbedded(options: Pick<EmbeddedOptions, 'dataDir' | 'onProgress'>): Promise<void> {
  const folder = await dataFolder(options.dataDir);
  await locked(folder, options, async () => {
    await rm(folder.stay, { force: true });
    await stopServers(folder);
  });
}

/**
 * The address of this folder's database for its superuser, while it runs: for tests and measurements. billcast's own
 * user is none.
 * @throws BillcastError EMBEDDED_FAILED
 */
export async function embeddedSuperuserUrl(options: { dataDir: string }): Promise<string> {
  return superuserOf((await dataFolder(options.dataDir)).postgres);
}

/** What runs in this data folder, and for whom. */
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

/** Both start at once; when one fails we still wait for the other, so that nothing goes on behind our back. */
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
