import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoisonReason } from '../../src/bill.ts';
import { type Channel, channelNames, channels } from '../../src/channels.ts';
import { ownTopics } from '../../src/config/billTopics.ts';
import { type Config, loadConfig } from '../../src/config/loadConfig.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { updateSchema } from '../../src/db/schema.ts';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { fetchGroupLag } from '../../src/kafka/groupOffsets.ts';
import { createKafka, type Kafka } from '../../src/kafka/kafkaClient.ts';
import { createPublisher, type Publisher } from '../../src/kafka/publisher.ts';
import { readTopics, type TopicRecord } from '../../src/kafka/readTopics.ts';
import { createLogger } from '../../src/log/log.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import { type ChaosProvider, startChaosProvider } from './chaosProvider.ts';
import { forgetQuietHours, notePublications } from './chaosRows.ts';
import { type OwnServers, openOwnServers, serversFolder } from './chaosServers.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { startReaper } from './reaper.ts';

/** A complete billcast for one run: servers, provider, dispatchers and bills that nobody else uses. */
export interface Testbed {
  readonly config: Config;
  readonly servers: OwnServers;
  readonly provider: ChaosProvider;
  readonly fleet: Fleet;
  readonly database: Database;
  readonly kafka: Kafka;
  /** Channels whose provider has no lookup: only a person can resolve a doubt. */
  readonly finalDoubts: ReadonlySet<Channel>;
  /** Publishes the events of faults. */
  readonly publisher: Publisher;
  /** Poison records that Kafka acknowledged: by id, the reason that each must get. */
  readonly poisoned: Map<string, PoisonReason>;
  lag(): Promise<number>;
  /** All records of the event topics and the dead letter topic. */
  records(): Promise<TopicRecord[]>;
  /** Ends every process; complete when it resolves. */
  close(): Promise<void>;
}

/** How far the provider's look-up can be trusted. */
export const chaosLookups = ['authoritative', 'none'] as const;

/** The kinds of provider that e-mails may go out by. */
export const chaosMailKinds = ['http', 'smtp'] as const;

export interface TestbedOptions {
  /** The folder of this run. The servers' data are in its `servers`, logs and ledger beside it. */
  readonly folder: string;
  readonly jarsDir: string;
  /** How many brokers Kafka has. */
  readonly brokers: number;
  readonly bills: number;
  readonly dispatchers: number;
  readonly seed: number;
  readonly lookup: (typeof chaosLookups)[number];
  /** The kind of provider that e-mails go out by. The other channels use HTTP. */
  readonly email: (typeof chaosMailKinds)[number];
  /** `CHANNELS` */
  readonly channels: string;
  readonly onProgress: (line: string) => void;
}

/**
 * Each wait is as short as the servers allow, so that a recovery takes seconds. The horizon leaves room for
 * the slowest requests of the provider and a loaded machine.
 */
const shortWaits = {
  START_DEADLINE_MS: '1000',
  SEND_TIMEOUT_MS: '1500',
  LOOKUP_HORIZON_MS: '6000',
  CLAIM_TTL_MS: '2000',
  SWEEP_INTERVAL_MS: '1000',
  KAFKA_SESSION_TIMEOUT_MS: '6000',

  ORPHAN_AFTER_MS: '8000',
  EARLY_EVENT_MAX_MS: '3000',
  BATCH_MAX_AGE_MS: '20000',
  RETRANSMIT_DELAY_MS: '2000',
  KAFKA_PARTITIONS: '6',
  MAX_IN_FLIGHT: '400',
  // Receipts that bring messages back are injected on purpose.
  SMS_TURN_STOP_RATE: '1',
  POOL_THREADS: '1',
  LOG_LEVEL: 'info',
};

/** @throws BillcastError if a part of it does not start; then nothing is left running */
export async function openTestbed(options: TestbedOptions): Promise<Testbed> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    return { ...(await build(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  options: TestbedOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<Testbed, 'close'>> {
  const { folder, jarsDir, seed, onProgress } = options;
  const logsFolder = join(folder, 'logs');
  await mkdir(logsFolder, { recursive: true });
  closers.push(startReaper(folder, join(logsFolder, 'reaper.log')));
  const { brokers } = options;
  const servers = await openOwnServers({
    dataDir: serversFolder(folder),
    jarsDir,
    brokers,
    onProgress: onProgress,
  });
  closers.push(servers.close);
  const lookup = options.lookup === 'none' ? 'no' : 'yes';
  const provider = await startChaosProvider({ folder, logsFolder, seed, lookup });
  closers.push(provider.kill);
  const settings = settingsOf(options, { servers, provider });
  const config = loadConfig(settings);
  const log = createLogger({ level: 'silent', pretty: false });
  const database = createDatabase({
    url: servers.databaseUrl,
    poolSize: 4,
    log,
    patienceMs: Number.POSITIVE_INFINITY,
  });
  closers.push(database.close);
  await updateSchema(database);
  onProgress(`Adding ${options.bills.toLocaleString('en')} sample bills.`);
  await addSampleBills({ database, config }, { members: options.bills, seed });
  await forgetQuietHours(database);
  await notePublications(database);
  const kafka = createKafka({ brokers: servers.kafkaBrokers.split(','), clientId: 'chaos', log });
  await ensureTopics({ kafka, topics: ownTopics(config) });
  const publisher = createPublisher(kafka);
  closers.push(publisher.stop);
  const fleet = createFleet({
    folder,
    logsFolder,
    settings,
    onCrash: (number) => onProgress(`dispatcher ${number} crashed and is restarted`),
  });
  closers.push(fleet.close);
  for (let number = 0; number < options.dispatchers; number++) fleet.add();
  const { groupId, topics } = config.kafka;
  const lag = async (): Promise<number> => {
    const lags = await fetchGroupLag({
      kafka,
      groupId,
      topics: config.ladder.order.map((channel) => topics[channel]),
    });
    return [...lags.values()].reduce((sum, one) => sum + one, 0);
  };
  const records = (): Promise<TopicRecord[]> =>
    readTopics(
      kafka,
      ownTopics(config).map(({ name }) => name),
    );
  return {
    config,
    servers,
    provider,
    fleet,
    database,
    kafka,
    publisher,
    lag,
    records,
    finalDoubts: new Set(
      channelNames.filter((channel) => options.lookup === 'none' || isMailed(options, channel)),
    ),
    poisoned: new Map(),
  };
}

/** Whether the channel's messages go out by SMTP. */
function isMailed({ email }: TestbedOptions, channel: Channel): boolean {
  return email === 'smtp' && channels[channel].message.kind === 'email';
}

function settingsOf(
  options: TestbedOptions,
  { servers, provider }: { servers: OwnServers; provider: ChaosProvider },
): Record<string, string> {
  const { folder, lookup } = options;
  return {
    ...shortWaits,
    DATA_DIR: folder,
    KAFKA_BROKERS: servers.kafkaBrokers,
    DATABASE_URL: servers.databaseUrl,
    CHANNELS: options.channels,
    SMTP_URL: provider.mailUrl,
    SMTP_FROM: 'bill@billcast.test',
    SMTP_REPLY_TIMEOUT_MS: '5000',
    ...Object.fromEntries(
      channelNames.flatMap((channel) => [
        [`PROVIDER_${channel}`, isMailed(options, channel) ? 'smtp' : 'http'],
        [`HTTP_${channel}_URL`, `${provider.url}/${channel.toLowerCase()}`],
        [`HTTP_${channel}_LOOKUP`, lookup],
      ]),
    ),
  };
}
