import { type PerChannel, perChannel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { EventConsumer } from '../consumer/intake/eventConsumer.ts';
import type { Pipeline } from '../consumer/pipeline/pipeline.ts';
import { readProductVersion } from '../lib/productVersion.ts';
import type { Logger } from '../log/log.ts';
import type { CaretakerMeter } from '../metrics/caretakerMeter.ts';
import { createDispatcherMetrics, type LaneReading } from '../metrics/dispatcherMetrics.ts';
import { type MetricsServer, openMetricsServer } from '../metrics/metricsServer.ts';
import type { PathMeters } from '../metrics/pathMeters.ts';
import type { ReceiptMeter } from '../metrics/receiptMeter.ts';
import type { RouteSource } from '../metrics/routeSource.ts';
import { formOf, type MessagePrices, priceOf } from '../policy/messagePrice.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';
import { templateVersion } from '../render/template/templateVersion.ts';
import type { OpenRoute } from './openRoutes.ts';

/** Serves the metrics of this dispatcher from what its parts count and know. */
export function openOwnMetrics(options: {
  readonly config: Config;
  readonly log: Logger;
  readonly routes: readonly OpenRoute[];
  readonly pipeline: Pipeline;
  readonly consumer: EventConsumer;
  readonly path: PathMeters;
  readonly caretaker: CaretakerMeter;
  readonly receiptMeter: ReceiptMeter;
  readonly templates: TemplateSet;
}): Promise<MetricsServer> {
  const { config, log, routes, pipeline, consumer, path, caretaker, receiptMeter, templates } = options;
  const lanes = (): PerChannel<LaneReading> =>
    perChannel((channel) => ({
      inFlight: pipeline.inFlight(channel),
      isPaused: routes.some(({ brake }) => brake.channel === channel && brake.isPaused === true),
    }));
  const registry = createDispatcherMetrics({
    version: readProductVersion(),
    template: { name: templates.name, version: templateVersion(templates) },
    channels: config.ladder.order,
    routes: routes.map((route) => routeSourceOf(route, config.prices)),
    path,
    caretaker,
    lanes,
    intake: () => consumer.facts(),
    watermarks: () => consumer.watermarks(),
  });
  receiptMeter.addTo(registry);
  return openMetricsServer(registry, { ...config.metrics, log });
}

function routeSourceOf({ name, brake, sends }: OpenRoute, prices: MessagePrices): RouteSource {
  return {
    price: priceOf(prices, { channel: brake.channel, provider: name, form: formOf(brake.channel, false) }),
    channel: brake.channel,
    name,
    sends,
    tokens: () => brake.gate.free,
    slots: () => brake.gate.lease?.granted,
    isBraked: () => brake.heardKind !== undefined,
  };
}
