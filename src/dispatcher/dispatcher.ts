import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, projectDir } from '../config.ts';
import { ensureTopics } from '../consumer/ensureTopics.ts';
import { faultOf } from '../consumer/faults.ts';
import { explained } from '../consumer/kafka.ts';
import { leaveDispatchers } from '../db/claimBatches.ts';
import { checkSchema } from '../db/schemaState.ts';
import { isTransient } from '../db/statementFault.ts';
import type { Logger } from '../log.ts';
import { createOutage } from '../outage.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createRenderPool, type RenderPool } from '../pool/renderPool.ts';
import { createPublisher } from '../relay/publisher.ts';
import { createRelay, type Relay } from '../relay/relay.ts';
import { createProviders, stopProviders } from '../send/providers.ts';
import type { Servers } from '../servers.ts';
import { createSweeper, type Sweeper } from '../sweeper/sweeper.ts';
import { createSweepParts } from '../sweeper/sweepParts.ts';
import { createTally, type Tally } from '../tally.ts';
import { ownTopics } from '../topics.ts';
import { createBrakes } from './brakes.ts';
import { type Connections, createConnections } from './connections.ts';
import { warnOfSmallDeadLetters } from './deadLetterRoom.ts';
import { boundHeapGrowth } from './heapGrowth.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createPath } from './path.ts';
import { type AwaitedServer, untilUp } from './untilUp.ts';

/** One dispatcher: the pipeline with its consumer, and this process's candidates for relay and sweeper. */
export interface Dispatcher {
  /**
   * Resolves when it consumes, or as soon as it is stopped before. A server that is away is waited for, however
   * long it takes.
   * @throws BillcastError, from the part that waiting cannot make work
   */
  start(): Promise<'started' | 'stopped'>;
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
 * Makes a dispatcher and asks no server for anything yet.
 * @throws BillcastError TEMPLATE_INVALID or RENDER_POOL_FAILED
 */
export const createDispatcher = async (options: DispatcherOptions): Promise<Dispatcher> => {
  boundHeapGrowth();
  const parts = createParts(options, await startRenderPool(options));
  const { connections, pipeline, log } = parts;
  const stopping = new AbortController();
  let hasStarted = false;
  let stopped: Promise<void> | undefined;
  return {
    async start() {
      try {
        await Promise.race([start(parts, options.config, stopping.signal), once(stopping.signal, 'abort')]);
      } catch (error) {
        stopped ??= abandon(parts);
        await stopped;
        if (!stopping.signal.aborted) throw error;
      }
      if (stopping.signal.aborted) return 'stopped';
      hasStarted = true;
      log.info({ dispatcher: connections.name, id: connections.id }, 'dispatcher started');
      return 'started';
    },
    stop() {
      stopping.abort();
      stopped ??= hasStarted ? stop(parts) : abandon(parts);
      return stopped;
    },
    inFlight: () => pipeline.inFlight('EMAIL') + pipeline.inFlight('SMS'),
  };
};

type Parts = ReturnType<typeof createParts>;

/** The consumer is the last: until it joins, nothing is claimed. */
const start = async (parts: Parts, config: Config, signal: AbortSignal): Promise<void> => {
  const { connections, heartbeat, brakes, relay, consumer, sweeper, log } = parts;
  const { control, kafka } = connections;
  const postgres: AwaitedServer = { outage: connections.outage, isPassing: isTransient };
  const brokers: AwaitedServer = {
    outage: createOutage(log, 'kafka'),
    isPassing: (error) => faultOf(error).retriable,
  };
  await untilUp(() => checkSchema(control), postgres, signal);
  const made = await untilUp(
    () => ensureTopics({ kafka, topics: ownTopics(config), patienceMs: 0 }),
    brokers,
    signal,
  );
  if (made.names.length > 0) log.info({ topics: made.names, replicas: made.replicas }, 'topics made');
  await warnOfSmallDeadLetters({ kafka, topics: config.kafka.topics, log });
  signal.throwIfAborted();
  await Promise.all([heartbeat.start(), brakes.start()]);
  signal.throwIfAborted();
  relay.start();
  await untilUp(() => sweeper.start(), postgres, signal);
  await untilUp(() => explained(kafka, () => consumer.start()), brokers, signal);
};

/** Everything that reads from Kafka stops first, everything that writes last. */
const stop = async (parts: Parts): Promise<void> => {
  const { connections, consumer, relay, sweeper, pipeline, heartbeat, brakes } = parts;
  consumer.stopFetching();
  await Promise.all([relay.stop(), sweeper.stop()]);
  await pipeline.stop();
  await consumer.stop();
  await Promise.all([heartbeat.stop(), brakes.stop()]);
  await leaveDispatchers(connections.control, connections.id);
  await Promise.all([parts.renderPool.stop(), stopProviders(parts.providers)]);
  await connections.closeDatabases();
  parts.tally.flush();
  parts.log.info({ dispatcher: connections.name }, 'dispatcher stopped');
};

const abandonLimitMs = 3_000;

/** A start that failed or is not wanted any more: nothing is claimed yet, and no server is waited for. */
const abandon = async (parts: Parts): Promise<void> => {
  const closed = Promise.allSettled([
    parts.heartbeat.stop(),
    parts.brakes.stop(),
    parts.relay.stop(),
    parts.sweeper.stop(),
    parts.consumer.stop(),
    parts.connections.closeDatabases(),
    parts.renderPool.stop(),
    stopProviders(parts.providers),
  ]);
  const limit = new AbortController();
  const { signal } = limit;
  await Promise.race([closed, sleep(abandonLimitMs, undefined, { signal }).catch(() => undefined)]);
  limit.abort();
};

const startRenderPool = async ({ config, log }: DispatcherOptions): Promise<RenderPool> =>
  createRenderPool({
    threads: config.poolThreads,
    timeoutMs: config.renderTimeoutMs,
    renderer: {
      templates: await readTemplates(join(projectDir, 'templates')),
      ciphers: config.cipher,
      timeZone: config.timeZone,
      rules: config.billRules,
    },
    onWarning: (warning) => log.warn({ warning }, 'the SMS is not as phones get it'),
  });

/** A pause or a brake is to be obeyed within 2 s. */
const brakesEveryMs = 1_000;

const createParts = ({ config, servers, log, onFatal }: DispatcherOptions, renderPool: RenderPool) => {
  const connections = createConnections({ config, servers, log });
  const { pulse, id, name } = connections;
  const heartbeat = createHeartbeat({ database: pulse, id, name, claimTtlMs: config.claimTtlMs, log });
  const providers = createProviders(config, log);
  const tally = createTally(log);
  const brakes = createBrakes(
    {
      database: pulse,
      log,
      providers,
      onRoom: () => path.pipeline.wake(),
      hasWaiting: (channel) => path.pipeline.hasWaiting(channel),
    },
    {
      id,
      name,
      everyMs: brakesEveryMs,
      limits: config.brakeLimits,
      longestSendMs: config.startDeadlineMs + config.sendTimeoutMs,
    },
  );
  const path = createPath({
    ...{ config, connections, providers, renderPool, brakes: brakes.of, onFatal },
    ...{ log, tally },
  });
  return {
    ...{ connections, providers, renderPool, brakes, log, tally },
    ...path,
    heartbeat,
    relay: createOwnRelay(config, connections, log),
    sweeper: createOwnSweeper({ config, connections, providers, log, tally, heartbeat }),
  };
};

const createOwnRelay = (config: Config, { control, relayKafka, id }: Connections, log: Logger): Relay =>
  createRelay({
    database: control,
    publisher: createPublisher(relayKafka),
    topics: config.kafka.topics,
    owner: id,
    leaseMs: config.claimTtlMs,
    log,
  });

const createOwnSweeper = (options: {
  config: Config;
  connections: Connections;
  providers: ReturnType<typeof createProviders>;
  log: Logger;
  tally: Tally;
  heartbeat: { mayJudge(): boolean };
}): Sweeper => {
  const { config, connections, providers, log, tally, heartbeat } = options;
  const { control: database, kafka, name } = connections;
  return createSweeper({
    database,
    intervalMs: config.sweep.intervalMs,
    log,
    parts: createSweepParts({
      ...{ config, database, kafka, providers, log, tally },
      actor: `sweeper ${name}`,
      mayJudge: heartbeat.mayJudge,
    }),
  });
};
