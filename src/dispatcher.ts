import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Channel, DispatcherId } from './bill.ts';
import { type Config, projectDir } from './config.ts';
import { createEventConsumer, type EventConsumer } from './consumer/eventConsumer.ts';
import { createKafka, ensureTopics } from './consumer/kafka.ts';
import { createLane } from './consumer/lane.ts';
import { createPipeline, type Pipeline } from './consumer/pipeline.ts';
import { createSettler } from './consumer/stages/settle.ts';
import { leaveDispatchers } from './db/claimBatches.ts';
import { createDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { boundHeapGrowth } from './heapGrowth.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { Logger } from './log.ts';
import { readTemplates } from './pool/readTemplates.ts';
import { createRenderPool } from './pool/renderPool.ts';
import { createPublisher } from './relay/publisher.ts';
import { createRelay } from './relay/relay.ts';
import { createFallbackGuard, type FallbackGuard } from './send/fallbackGuard.ts';
import { createProviders, stopProviders } from './send/providers.ts';
import type { Servers } from './servers.ts';
import { createSweeper } from './sweeper/sweeper.ts';
import { createSweepParts } from './sweeper/sweepParts.ts';
import { createSwitches, type Switches } from './switches.ts';
import { channelTopics, ownTopics } from './topics.ts';

/** One dispatcher: the pipeline with its consumer, and this process's candidates for relay and sweeper. */
export interface Dispatcher {
  /**
   * Stops fetching, finishes what is claimed, settles, commits and closes; complete when it resolves, and it
   * may be called twice. What it never claimed is left to others.
   */
  stop(): Promise<void>;
  /** Bills from decode to settle. */
  inFlight(): number;
}

export interface DispatcherOptions {
  readonly config: Config;
  readonly servers: Pick<Servers, 'kafkaBrokers' | 'databaseUrl'>;
  readonly log: Logger;
  /** A fault that this process cannot mend: it should end and be started again. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Starts a dispatcher; it consumes when this resolves.
 * @throws BillcastError, from the part that cannot work
 */
export const startDispatcher = async (options: DispatcherOptions): Promise<Dispatcher> => {
  boundHeapGrowth();
  const parts = await createParts(options);
  const { control, heartbeat, relay, consumer, sweeper } = parts;
  try {
    await migrate(control);
    await ensureTopics({ kafka: parts.kafka, topics: ownTopics(options.config) });
    await Promise.all([heartbeat.start(), parts.switches.start()]);
    relay.start();
    await Promise.all([consumer.start(), sweeper.start()]);
  } catch (error) {
    await abandon(parts);
    throw error;
  }
  options.log.info({ dispatcher: parts.name, id: parts.id }, 'dispatcher started');
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop(parts);
      return stopped;
    },
    inFlight: () => parts.pipeline.inFlight('EMAIL') + parts.pipeline.inFlight('SMS'),
  };
};

type Parts = Awaited<ReturnType<typeof createParts>>;

/** Everything that reads from Kafka stops first, everything that writes last. */
const stop = async (parts: Parts): Promise<void> => {
  const { consumer, relay, sweeper, pipeline, heartbeat, control } = parts;
  consumer.stopFetching();
  await Promise.all([relay.stop(), sweeper.stop()]);
  await pipeline.stop();
  await consumer.stop();
  await Promise.all([heartbeat.stop(), parts.switches.stop()]);
  await leaveDispatchers(control, parts.id);
  await Promise.all([parts.renderPool.stop(), stopProviders(parts.providers)]);
  await Promise.all([parts.database.close(), control.close()]);
  parts.log.info({ dispatcher: parts.name }, 'dispatcher stopped');
};

/** A start that failed: nothing is claimed yet, and no server is waited for. */
const abandon = async (parts: Parts): Promise<void> => {
  await Promise.all([parts.database.close(), parts.control.close()]);
  await Promise.allSettled([
    parts.consumer.stop(),
    parts.relay.stop(),
    parts.sweeper.stop(),
    parts.heartbeat.stop(),
    parts.switches.stop(),
    parts.renderPool.stop(),
    stopProviders(parts.providers),
  ]);
};

const statementTimeoutMs = 60_000;
const controlConnections = 4;
/** A pause is to be obeyed within 2 s. */
const switchesEveryMs = 1_000;

const createParts = async (options: DispatcherOptions) => {
  const { config, servers, log } = options;
  const id = randomUUID() as string as DispatcherId;
  const name = `${hostname()}:${process.pid}`;
  const connect = (poolSize: number) =>
    createDatabase({
      url: servers.databaseUrl,
      poolSize,
      log,
      patienceMs: Number.POSITIVE_INFINITY,
      statementTimeoutMs,
    });
  const database = connect(config.database.poolSize);
  // Heartbeat, relay and sweep never wait behind the path of the bills.
  const control = connect(controlConnections);
  const kafka = createKafka({ brokers: servers.kafkaBrokers, clientId: `billcast-${name}`, log });
  const providers = createProviders(config);
  const renderPool = await createRenderPool({
    threads: config.poolThreads,
    renderer: {
      templates: await readTemplates(join(projectDir, 'templates')),
      ciphers: config.cipher,
      timeZone: config.timeZone,
    },
  });
  const fallbackGuard = createFallbackGuard({ database: control, log, name, limit: config.fallbackStopRate });
  const switches = createSwitches({
    database: control,
    log,
    everyMs: switchesEveryMs,
    onChange: (read) => {
      fallbackGuard.obey(read);
      pipeline.wake();
    },
  });
  const shared = { ...options, id, name, database, kafka, providers, renderPool, switches, fallbackGuard };
  const { consumer, pipeline } = createPath(shared);
  const heartbeat = createHeartbeat({ database: control, id, name, everyMs: config.claimTtlMs / 5, log });
  const relay = createRelay({
    database: control,
    publisher: createPublisher(kafka),
    topics: config.kafka.topics,
    owner: id,
    leaseMs: config.claimTtlMs,
    log,
  });
  const sweeper = createSweeper({
    databaseUrl: servers.databaseUrl,
    intervalMs: config.sweep.intervalMs,
    log,
    parts: createSweepParts({ config, database: control, kafka, providers, log, actor: `sweeper ${name}` }),
  });
  return { ...shared, control, consumer, pipeline, heartbeat, relay, sweeper };
};

const maxBytesPerPartition = 256 * 1024;

/** The pipeline and its consumer, each telling the other: records one way, back-pressure the other. */
const createPath = (
  parts: DispatcherOptions & {
    id: DispatcherId;
    name: string;
    database: ReturnType<typeof createDatabase>;
    kafka: ReturnType<typeof createKafka>;
    providers: ReturnType<typeof createProviders>;
    renderPool: Awaited<ReturnType<typeof createRenderPool>>;
    switches: Switches;
    fallbackGuard: FallbackGuard;
  },
): { consumer: EventConsumer; pipeline: Pipeline } => {
  const { config, database, log, onFatal, providers } = parts;
  const topicOf = channelTopics(config);
  const settler = createSettler({
    database,
    log,
    actor: `dispatcher ${parts.name}`,
    onDone: (claim) => pipeline.over(claim),
    onFatal,
  });
  const pipeline = createPipeline({
    parts: {
      database,
      renderPool: parts.renderPool,
      settler,
      log,
      dispatcherId: parts.id,
      startDeadlineMs: config.startDeadlineMs,
      decisions: { retransmit: config.retransmit, cycleMaxAgeMs: config.cycleMaxAgeMs },
      timeZone: config.timeZone,
      now: () => new Date(),
      onEmailAnswer: parts.fallbackGuard.answered,
    },
    lanes: {
      EMAIL: createLane('EMAIL', providers.EMAIL, config.maxInFlight),
      SMS: createLane('SMS', providers.SMS, config.maxInFlight),
    },
    mayStart: (channel) => parts.switches.mayStart(channel),
    backPressure: {
      pause: (channel) => consumer.pause(topicOf[channel]),
      resume: (channel) => consumer.resume(topicOf[channel]),
    },
    onFatal,
  });
  const consumer = createEventConsumer({
    kafka: parts.kafka,
    groupId: config.kafka.groupId,
    topics: Object.values(topicOf),
    sessionTimeoutMs: config.kafka.sessionTimeoutMs,
    maxBytesPerPartition,
    log,
    onRecords: (records) => pipeline.receive(channelOf(records[0]?.topic, topicOf), records),
    onFatal,
  });
  return { consumer, pipeline };
};

const channelOf = (topic: string | undefined, topicOf: Readonly<Record<Channel, string>>): Channel =>
  topic === topicOf.SMS ? 'SMS' : 'EMAIL';
