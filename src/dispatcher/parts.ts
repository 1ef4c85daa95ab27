import type { Config } from '../config/loadConfig.ts';
import type { EventConsumer } from '../consumer/intake/eventConsumer.ts';
import type { Pipeline } from '../consumer/pipeline/pipeline.ts';
import { SuppressionBook } from '../consumer/pipeline/suppressionBook.ts';
import { MoveTally } from '../db/counts/moveTally.ts';
import type { LeasedLoop } from '../db/leasedLoop.ts';
import type { Endpoints } from '../embedded/resolveEndpoints.ts';
import { createPublisher } from '../kafka/publisher.ts';
import { firstChannel } from '../ladder.ts';
import type { Logger } from '../log/log.ts';
import { createThrottledLog, type ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer } from '../metrics/batchTracer.ts';
import { CaretakerMeter } from '../metrics/caretakerMeter.ts';
import type { MetricsServer } from '../metrics/metricsServer.ts';
import { createPathMeters } from '../metrics/pathMeters.ts';
import { ReceiptMeter } from '../metrics/receiptMeter.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { Providers } from '../providers/providerKind.ts';
import { createRelay, type Relay } from '../relay/relay.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';
import { templateVersion } from '../render/template/templateVersion.ts';
import { type CountKeeper, createCountKeeper } from '../sweeper/countKeeper.ts';
import type { Sweeper } from '../sweeper/sweeper.ts';
import { openTracer } from '../tracing/openTracer.ts';
import { type BrakeExchange, createBrakeExchange } from './brakeExchange.ts';
import { type Connections, createConnections } from './connections.ts';
import { createEditionKeeper, type EditionKeeper } from './editionKeeper.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { type Keepers, openKeepers } from './keepers.ts';
import type { KeyRotation } from './keyReader.ts';
import { openProviders } from './openProviders.ts';
import { openRoutes } from './openRoutes.ts';
import { createOutcomeParts } from './outcomeParts.ts';
import { openOwnMetrics } from './ownMetrics.ts';
import { createOwnSweeper } from './ownSweeper.ts';
import { startRendering } from './rendering.ts';
import { createRunKeepers } from './runKeepers.ts';
import { createSuppressionReader, type SuppressionReader } from './suppressionReader.ts';
import { wirePipeline } from './wirePipeline.ts';

/** Everything that one dispatcher consists of. */
export interface DispatcherParts extends Keepers {
  readonly log: Logger;
  readonly throttledLog: ThrottledLog;
  readonly connections: Connections;
  readonly metrics: MetricsServer;
  readonly heartbeat: Heartbeat;
  readonly renderPool: RenderPool;
  readonly keyRotation: KeyRotation | undefined;
  readonly editionKeeper: EditionKeeper;
  readonly templates: TemplateSet;
  readonly providers: Providers;
  readonly brakeExchange: BrakeExchange;
  readonly pipeline: Pipeline;
  readonly consumer: EventConsumer;
  readonly relay: Relay;
  readonly outcomeWriter: LeasedLoop;
  readonly webhookSender: LeasedLoop;
  readonly sweeper: Sweeper;
  readonly countKeeper: CountKeeper;
  readonly runKeeper: LeasedLoop;
  readonly manifestKeeper: LeasedLoop;
  readonly suppressionReader: SuppressionReader;
  /** Undefined if nothing is traced. */
  readonly tracer: BatchTracer | undefined;
  readonly onWaiting: (() => void) | undefined;
}

export interface DispatcherOptions {
  readonly config: Config;
  readonly servers: Pick<Endpoints, 'kafkaBrokers' | 'databaseUrl'>;
  readonly log: Logger;
  /** A fault that this process cannot fix: it should end and be started again. */
  readonly onFatal: (error: unknown) => void;
  /** Called while the start waits for a server, again and again. */
  readonly onWaiting?: () => void;
}

/**
 * Puts a dispatcher together. The render threads run already; no server is asked for anything yet.
 * @throws BillcastError TEMPLATE_INVALID, CIPHER_FAILED, RENDER_POOL_FAILED or CONFIG_INVALID
 */
export async function createParts(options: DispatcherOptions): Promise<DispatcherParts> {
  const { config, log } = options;
  const connections = createConnections(options);
  const { pulse, id } = connections;
  const throttledLog = createThrottledLog(log);
  const rates = { database: pulse, throttledLog };
  const providers = await openProviders(options, rates);
  const templates = await readTemplates(config.templates);
  const { renderPool, addressHasher, keyRotation } = await startRendering(options, templates, (keys) =>
    editionKeeper.keysChanged(keys),
  );
  const editionKeeper = createEditionKeeper({ config, templates, database: connections.control, log });
  const routes = openRoutes({ ...rates, id }, config, providers);
  const path = createPathMeters(await openTracer(config, throttledLog));
  const caretaker = new CaretakerMeter();
  const tally = new MoveTally(id);
  const common = { ...options, connections, providers, routes, tally, log, throttledLog };
  const book = new SuppressionBook();
  const { pipeline, consumer } = wirePipeline({
    ...common,
    renderPool,
    addressHasher,
    meters: path,
    suppressionBook: book,
  });
  const receiptMeter = new ReceiptMeter();
  const metrics = await openOwnMetrics({
    ...common,
    pipeline,
    consumer,
    path,
    caretaker,
    receiptMeter,
    templates,
  });
  const heartbeat = createOwnHeartbeat(options, connections, { metrics, templates });
  const brakeExchange = createBrakeExchange(
    {
      database: pulse,
      log,
      brakes: routes.map(({ brake }) => brake),
      hasWaiting: (channel) => pipeline.hasWaiting(channel),
    },
    brakeOptions(config, connections),
  );
  return {
    log,
    throttledLog,
    connections,
    metrics,
    heartbeat,
    renderPool,
    keyRotation,
    editionKeeper,
    templates,
    providers,
    brakeExchange,
    pipeline,
    consumer,
    relay: createOwnRelay(options, connections, caretaker),
    ...createOutcomeParts(options, connections),
    sweeper: createOwnSweeper({ ...common, heartbeat, caretaker }),
    countKeeper: createCountKeeper({
      database: connections.control,
      log,
      owner: id,
      tally,
      first: firstChannel(config.ladder),
    }),
    ...createRunKeepers(options, { connections, renderPool, providers }),
    suppressionReader: createSuppressionReader({ database: connections.control, book, log }),
    ...(await openKeepers({ config, connections, receiptMeter, log })),
    tracer: path.tracer,
    onWaiting: options.onWaiting,
  };
}

function createOwnHeartbeat(
  { config, log }: DispatcherOptions,
  { pulse, id, name }: Connections,
  { metrics, templates }: Pick<DispatcherParts, 'metrics' | 'templates'>,
): Heartbeat {
  return createHeartbeat({
    database: pulse,
    id,
    name,
    metricsAddress: metrics.address,
    templateVersion: templateVersion(templates),
    channels: config.ladder.order,
    fourEyes: config.fourEyes,
    claimTtlMs: config.claimTtlMs,
    log,
  });
}

/** A pause or a brake is obeyed within two of these. */
const brakesEveryMs = 1_000;

function brakeOptions(config: Config, { id, name }: Connections) {
  return {
    id,
    name,
    everyMs: brakesEveryMs,
    limits: config.brakeLimits,
    ladder: config.ladder,
    longestSendMs: config.startDeadlineMs + config.sendTimeoutMs,
  };
}

function createOwnRelay(
  { config, log }: DispatcherOptions,
  { control, relayKafka, id }: Connections,
  caretaker: CaretakerMeter,
): Relay {
  return createRelay({
    database: control,
    publisher: createPublisher(relayKafka),
    topics: config.kafka.topics,
    channels: config.ladder.order,
    owner: id,
    leaseMs: config.claimTtlMs,
    log,
    onRound: (rows) => caretaker.relayRound(rows),
  });
}
