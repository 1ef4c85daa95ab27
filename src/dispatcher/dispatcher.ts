import { once } from 'node:events';
import { join } from 'node:path';
import { ownTopics } from '../config/billTopics.ts';
import type { Config } from '../config/loadConfig.ts';
import { checkSchema } from '../db/schemaState.ts';
import { isTransient } from '../db/statementFault.ts';
import { leaveDispatchers } from '../db/transitions/claimBatches.ts';
import type { Endpoints } from '../embedded/resolveEndpoints.ts';
import { ensureTopics } from '../kafka/ensureTopics.ts';
import { explained } from '../kafka/kafkaClient.ts';
import { classifyKafkaError } from '../kafka/kafkaError.ts';
import { createPublisher } from '../kafka/publisher.ts';
import { projectDir } from '../lib/projectDir.ts';
import { within } from '../lib/timeLimit.ts';
import type { Logger } from '../log/log.ts';
import { createOutage } from '../log/outage.ts';
import { createThrottledLog, type ThrottledLog } from '../log/throttledLog.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createRenderPool, type RenderPool } from '../pool/renderPool.ts';
import type { Providers } from '../providers/providerKind.ts';
import { createProviders, stopProviders } from '../providers/registry.ts';
import { createRelay, type Relay } from '../relay/relay.ts';
import { createSweepDeps } from '../sweeper/sweepDeps.ts';
import { createSweeper, type Sweeper } from '../sweeper/sweeper.ts';
import { createBrakes } from './brakes.ts';
import { checkDeadLetterTopic } from './checkDeadLetterTopic.ts';
import { type Connections, createConnections } from './connections.ts';
import { boundHeapGrowth } from './heapGrowth.ts';
import { createHeartbeat } from './heartbeat.ts';
import { type AwaitedServer, waitForServer } from './waitForServer.ts';
import { wirePipeline } from './wirePipeline.ts';

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
  readonly servers: Pick<Endpoints, 'kafkaBrokers' | 'databaseUrl'>;
  readonly log: Logger;
  /** A fault that this process cannot mend: it should end and be started again. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Makes a dispatcher and asks no server for anything yet.
 * @throws BillcastError TEMPLATE_INVALID or RENDER_POOL_FAILED
 */
export async function createDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  boundHeapGrowth();
  const providers = await openProviders(options);
  const deps = createDeps(options, await startRenderPool(options), providers);
  const { connections, pipeline, log } = deps;
  const stopping = new AbortController();
  let hasStarted = false;
  let stopped: Promise<void> | undefined;
  return {
    async start() {
      try {
        await Promise.race([start(deps, options.config, stopping.signal), once(stopping.signal, 'abort')]);
      } catch (error) {
        stopped ??= abandon(deps);
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
      stopped ??= hasStarted ? stop(deps) : abandon(deps);
      return stopped;
    },
    inFlight: () => pipeline.inFlight('EMAIL') + pipeline.inFlight('SMS'),
  };
}

type Deps = ReturnType<typeof createDeps>;

/** The consumer is the last: until it joins, nothing is claimed. */
async function start(deps: Deps, config: Config, signal: AbortSignal): Promise<void> {
  const { connections, heartbeat, brakes, relay, consumer, sweeper, log } = deps;
  const { control, kafka } = connections;
  const postgres: AwaitedServer = { outage: connections.outage, isPassing: isTransient };
  const brokers: AwaitedServer = {
    outage: createOutage(log, 'kafka'),
    isPassing: (error) => classifyKafkaError(error).retriable,
  };
  await waitForServer(() => checkSchema(control), postgres, signal);
  const made = await waitForServer(
    () => ensureTopics({ kafka, topics: ownTopics(config), patienceMs: 0 }),
    brokers,
    signal,
  );
  if (made.names.length > 0) log.info({ topics: made.names, replicas: made.replicas }, 'topics made');
  await checkDeadLetterTopic({ kafka, topics: config.kafka.topics, log });
  signal.throwIfAborted();
  await Promise.all([heartbeat.start(), brakes.start()]);
  signal.throwIfAborted();
  relay.start();
  await waitForServer(() => sweeper.start(), postgres, signal);
  await waitForServer(() => explained(kafka, () => consumer.start()), brokers, signal);
}

/** Everything that reads from Kafka stops first, everything that writes last. */
async function stop(deps: Deps): Promise<void> {
  const { connections, consumer, relay, sweeper, pipeline, heartbeat, brakes } = deps;
  consumer.stopFetching();
  await Promise.all([relay.stop(), sweeper.stop()]);
  await pipeline.stop();
  await consumer.stop();
  await Promise.all([heartbeat.stop(), brakes.stop()]);
  await leaveDispatchers(connections.control, connections.id);
  await Promise.all([deps.renderPool.stop(), stopProviders(deps.providers)]);
  await connections.closeDatabases();
  deps.throttledLog.flush();
  deps.log.info({ dispatcher: connections.name }, 'dispatcher stopped');
}

const abandonLimitMs = 3_000;

/** A start that failed or is not wanted any more: nothing is claimed yet, and no server is waited for. */
async function abandon(deps: Deps): Promise<void> {
  const closed = Promise.allSettled([
    deps.heartbeat.stop(),
    deps.brakes.stop(),
    deps.relay.stop(),
    deps.sweeper.stop(),
    deps.consumer.stop(),
    deps.connections.closeDatabases(),
    deps.renderPool.stop(),
    stopProviders(deps.providers),
  ]);
  await within(abandonLimitMs, closed);
}

async function startRenderPool({ config, log }: DispatcherOptions): Promise<RenderPool> {
  return createRenderPool({
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
}

/** A pause or a brake is to be obeyed within 2 s. */
const brakesEveryMs = 1_000;

function openProviders({ config, log }: DispatcherOptions): Promise<Providers> {
  const { startDeadlineMs, sendTimeoutMs } = config;
  return createProviders(config.providers, config.providerSettings, { startDeadlineMs, sendTimeoutMs, log });
}

function createDeps(
  { config, servers, log, onFatal }: DispatcherOptions,
  renderPool: RenderPool,
  providers: Providers,
) {
  const connections = createConnections({ config, servers, log });
  const { pulse, id, name } = connections;
  const heartbeat = createHeartbeat({ database: pulse, id, name, claimTtlMs: config.claimTtlMs, log });
  const throttledLog = createThrottledLog(log);
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
  const path = wirePipeline({
    config,
    connections,
    providers,
    renderPool,
    brakes: brakes.of,
    onFatal,
    log,
    throttledLog,
  });
  return {
    connections,
    providers,
    renderPool,
    brakes,
    log,
    throttledLog,
    ...path,
    heartbeat,
    relay: createOwnRelay(config, connections, log),
    sweeper: createOwnSweeper({ config, connections, providers, log, throttledLog, heartbeat }),
  };
}

function createOwnRelay(config: Config, { control, relayKafka, id }: Connections, log: Logger): Relay {
  return createRelay({
    database: control,
    publisher: createPublisher(relayKafka),
    topics: config.kafka.topics,
    owner: id,
    leaseMs: config.claimTtlMs,
    log,
  });
}

function createOwnSweeper(options: {
  config: Config;
  connections: Connections;
  providers: Providers;
  log: Logger;
  throttledLog: ThrottledLog;
  heartbeat: { mayJudge(): boolean };
}): Sweeper {
  const { config, connections, providers, log, throttledLog, heartbeat } = options;
  const { control: database, kafka, name } = connections;
  return createSweeper({
    database,
    intervalMs: config.sweep.intervalMs,
    log,
    deps: createSweepDeps({
      config,
      database,
      kafka,
      providers,
      log,
      throttledLog,
      actor: `sweeper ${name}`,
      mayJudge: heartbeat.mayJudge,
    }),
  });
}
