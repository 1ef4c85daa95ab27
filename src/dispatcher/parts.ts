import type { Config } from '../config/loadConfig.ts';
import { SuppressionBook } from '../consumer/pipeline/suppressionBook.ts';
import { MoveTally } from '../db/counts/moveTally.ts';
import { createPublisher } from '../kafka/publisher.ts';
import { firstChannel } from '../ladder.ts';
import { createThrottledLog } from '../log/throttledLog.ts';
import { CaretakerMeter } from '../metrics/caretakerMeter.ts';
import { createPathMeters } from '../metrics/pathMeters.ts';
import { ReceiptMeter } from '../metrics/receiptMeter.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createRelay, type Relay } from '../relay/relay.ts';
import { templateVersion } from '../render/template/templateVersion.ts';
import { createCountKeeper } from '../sweeper/countKeeper.ts';
import { openTracer } from '../tracing/openTracer.ts';
import { createBrakeExchange } from './brakeExchange.ts';
import { type Connections, createConnections } from './connections.ts';
import type { DispatcherOptions, DispatcherParts } from './dispatcherParts.ts';
import { createEditionKeeper } from './editionKeeper.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { openKeepers } from './keepers.ts';
import { openProviders } from './openProviders.ts';
import { openRoutes } from './openRoutes.ts';
import { createOutcomeParts } from './outcomeParts.ts';
import { openOwnMetrics } from './ownMetrics.ts';
import { createOwnSweeper } from './ownSweeper.ts';
import { startRendering } from './rendering.ts';
import { createRunKeepers } from './runKeepers.ts';
import { createSuppressionReader } from './suppressionReader.ts';
import { wirePipeline } from './wirePipeline.ts';

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
