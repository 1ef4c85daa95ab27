import { join } from 'node:path';
import { type Config, projectDir } from '../config.ts';
import { ensureTopics } from '../consumer/kafka.ts';
import { leaveDispatchers } from '../db/claimBatches.ts';
import { migrate } from '../db/migrate.ts';
import type { Logger } from '../log.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createRenderPool, type RenderPool } from '../pool/renderPool.ts';
import { createPublisher } from '../relay/publisher.ts';
import { createRelay, type Relay } from '../relay/relay.ts';
import { createChannelGuard } from '../send/channelGuard.ts';
import { createFallbackGuard } from '../send/fallbackGuard.ts';
import { createProviders, stopProviders } from '../send/providers.ts';
import type { Servers } from '../servers.ts';
import { createSweeper, type Sweeper } from '../sweeper/sweeper.ts';
import { createSweepParts } from '../sweeper/sweepParts.ts';
import { ownTopics } from '../topics.ts';
import { type Connections, createConnections } from './connections.ts';
import { warnOfSmallDeadLetters } from './deadLetterRoom.ts';
import { boundHeapGrowth } from './heapGrowth.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createPath } from './path.ts';
import { createSwitches } from './switches.ts';

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
  const parts = createParts(options, await startRenderPool(options.config));
  const { connections, heartbeat, switches, relay, consumer, sweeper, pipeline } = parts;
  try {
    await migrate(connections.control);
    await ensureTopics({ kafka: connections.kafka, topics: ownTopics(options.config) });
    await warnOfSmallDeadLetters({
      kafka: connections.kafka,
      topics: options.config.kafka.topics,
      log: options.log,
    });
    await Promise.all([heartbeat.start(), switches.start()]);
    relay.start();
    await Promise.all([consumer.start(), sweeper.start()]);
  } catch (error) {
    await abandon(parts);
    throw error;
  }
  options.log.info({ dispatcher: connections.name, id: connections.id }, 'dispatcher started');
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop(parts);
      return stopped;
    },
    inFlight: () => pipeline.inFlight('EMAIL') + pipeline.inFlight('SMS'),
  };
};

type Parts = ReturnType<typeof createParts>;

/** Everything that reads from Kafka stops first, everything that writes last. */
const stop = async (parts: Parts): Promise<void> => {
  const { connections, consumer, relay, sweeper, pipeline, heartbeat, switches } = parts;
  consumer.stopFetching();
  await Promise.all([relay.stop(), sweeper.stop()]);
  await pipeline.stop();
  await consumer.stop();
  await Promise.all([heartbeat.stop(), switches.stop()]);
  parts.channelGuard.stop();
  await leaveDispatchers(connections.control, connections.id);
  await Promise.all([parts.renderPool.stop(), stopProviders(parts.providers)]);
  await connections.closeDatabases();
  parts.log.info({ dispatcher: connections.name }, 'dispatcher stopped');
};

/** A start that failed: nothing is claimed yet, and no server is waited for. */
const abandon = async (parts: Parts): Promise<void> => {
  await parts.connections.closeDatabases();
  await Promise.allSettled([
    parts.consumer.stop(),
    parts.relay.stop(),
    parts.sweeper.stop(),
    parts.heartbeat.stop(),
    parts.switches.stop().then(parts.channelGuard.stop),
    parts.renderPool.stop(),
    stopProviders(parts.providers),
  ]);
};

const startRenderPool = async (config: Config): Promise<RenderPool> =>
  createRenderPool({
    threads: config.poolThreads,
    renderer: {
      templates: await readTemplates(join(projectDir, 'templates')),
      ciphers: config.cipher,
      timeZone: config.timeZone,
    },
  });

/** A pause is to be obeyed within 2 s. */
const switchesEveryMs = 1_000;

const createParts = ({ config, servers, log, onFatal }: DispatcherOptions, renderPool: RenderPool) => {
  const connections = createConnections({ config, servers, log });
  const { control, id, name } = connections;
  const providers = createProviders(config, log);
  const fallbackGuard = createFallbackGuard({ database: control, log, name, limit: config.fallbackStopRate });
  const channelGuard = createChannelGuard({
    ...{ database: control, log, name },
    onTrial: () => path.pipeline.wake(),
  });
  const switches = createSwitches({
    database: control,
    log,
    everyMs: switchesEveryMs,
    onChange: (read) => {
      fallbackGuard.obey(read);
      channelGuard.obey(read);
      path.pipeline.wake();
    },
  });
  const path = createPath({
    ...{ config, connections, providers, renderPool, switches, fallbackGuard, channelGuard, log, onFatal },
  });
  return {
    ...{ connections, providers, renderPool, switches, channelGuard, log },
    ...path,
    heartbeat: createHeartbeat({ database: control, id, name, everyMs: config.claimTtlMs / 5, log }),
    relay: createOwnRelay(config, connections, log),
    sweeper: createOwnSweeper({ config, servers, connections, providers, log }),
  };
};

const createOwnRelay = (config: Config, { control, kafka, id }: Connections, log: Logger): Relay =>
  createRelay({
    database: control,
    publisher: createPublisher(kafka),
    topics: config.kafka.topics,
    owner: id,
    leaseMs: config.claimTtlMs,
    log,
  });

const createOwnSweeper = (options: {
  config: Config;
  servers: Pick<Servers, 'databaseUrl'>;
  connections: Connections;
  providers: ReturnType<typeof createProviders>;
  log: Logger;
}): Sweeper => {
  const { config, servers, connections, providers, log } = options;
  const { control: database, kafka, name } = connections;
  return createSweeper({
    databaseUrl: servers.databaseUrl,
    intervalMs: config.sweep.intervalMs,
    log,
    parts: createSweepParts({ config, database, kafka, providers, log, actor: `sweeper ${name}` }),
  });
};
