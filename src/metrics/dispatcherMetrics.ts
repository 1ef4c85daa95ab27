import type { Registry } from 'prom-client';
import type { Channel, PerChannel } from '../channels.ts';
import type { CaretakerMeter } from './caretakerMeter.ts';
import { addCounter, addGauge, createRegistry } from './metricsRegistry.ts';
import type { PathMeters } from './pathMeters.ts';
import { addPathMetrics } from './pathMetrics.ts';
import type { RouteSource } from './routeSource.ts';
import { type PartitionProgress, WatermarkAges } from './watermarkAges.ts';

/** The present state of a channel in this process. */
export interface LaneReading {
  readonly inFlight: number;
  readonly isPaused: boolean;
}

export interface IntakeReading {
  readonly received: number;
  readonly repeated: number;
  readonly partitions: number;
  readonly joins: number;
  readonly commits: number;
  readonly commitFailures: number;
}

/** What a dispatcher's metrics are read from. */
export interface DispatcherSources {
  readonly version: string;
  readonly template: { readonly name: string; readonly version: string };
  /** The channels of `CHANNELS`. */
  readonly channels: readonly Channel[];
  readonly routes: readonly RouteSource[];
  readonly path: PathMeters;
  readonly caretaker: CaretakerMeter;
  readonly lanes: () => PerChannel<LaneReading>;
  readonly intake: () => IntakeReading;
  readonly watermarks: () => readonly PartitionProgress[];
}

/** The metrics of one dispatcher. The numbers of the whole cluster are those of the api. */
export function createDispatcherMetrics(sources: DispatcherSources): Registry {
  const registry = createRegistry({ version: sources.version, process: 'dispatcher' });
  addPathMetrics(registry, sources.path, sources.routes);
  addLanes(registry, sources);
  addRoutes(registry, sources);
  addIntake(registry, sources);
  addCaretaker(registry, sources.caretaker);
  addTemplate(registry, sources.template);
  return registry;
}

function addTemplate(registry: Registry, { name, version }: DispatcherSources['template']): void {
  addGauge(registry, {
    name: 'billcast_template_info',
    help: 'The template that bills are printed with; always 1',
    labelNames: ['template', 'version'],
    read: () => [{ labels: { template: name, version }, value: 1 }],
  });
}

function addLanes(registry: Registry, { channels, lanes }: DispatcherSources): void {
  const perLane = (
    name: 'billcast_in_flight_bills' | 'billcast_lane_paused',
    help: string,
    readingOf: (lane: LaneReading) => number,
  ) =>
    addGauge(registry, {
      name,
      help,
      labelNames: ['lane'],
      read: () => channels.map((lane) => ({ labels: { lane }, value: readingOf(lanes()[lane]) })),
    });
  perLane('billcast_in_flight_bills', 'Bills from decode to settle', ({ inFlight }) => inFlight);
  perLane(
    'billcast_lane_paused',
    '1: a pause, or the brake of an earlier channel, holds it back',
    ({ isPaused }) => Number(isPaused),
  );
}

function addRoutes(registry: Registry, { routes }: DispatcherSources): void {
  const labelNames = ['channel', 'provider'] as const;
  addGauge(registry, {
    name: 'billcast_provider_tokens_available',
    help: 'Sends that may begin now, if the provider has a limit',
    labelNames,
    read: () =>
      routes
        .map(({ channel, name, tokens }) => ({ labels: { channel, provider: name }, value: tokens() }))
        .filter(({ value }) => Number.isFinite(value)),
  });
  addGauge(registry, {
    name: 'billcast_provider_slots',
    help: 'Sends that this process may have open, of those of PROVIDER_CONCURRENCY',
    labelNames,
    read: () =>
      routes.flatMap(({ channel, name, slots }) => {
        const value = slots();
        return value === undefined ? [] : [{ labels: { channel, provider: name }, value }];
      }),
  });
  addGauge(registry, {
    name: 'billcast_provider_circuit_state',
    help: '1: the brake is on, and this process sends nothing by this provider',
    labelNames,
    read: () =>
      routes.map(({ channel, name, isBraked }) => ({
        labels: { channel, provider: name },
        value: Number(isBraked()),
      })),
  });
}

function addIntake(registry: Registry, { intake, watermarks }: DispatcherSources): void {
  const ages = new WatermarkAges();
  addCounter(registry, {
    name: 'billcast_consumer_records_total',
    help: 'Records from Kafka; repeated: fetched again while they were still held',
    labelNames: ['kind'],
    read: () => {
      const { received, repeated } = intake();
      return [
        { labels: { kind: 'received' }, value: received },
        { labels: { kind: 'repeated' }, value: repeated },
      ];
    },
  });
  addCounter(registry, {
    name: 'billcast_consumer_commits_total',
    help: 'Commits of offsets',
    labelNames: ['result'],
    read: () => {
      const { commits, commitFailures } = intake();
      return [
        { labels: { result: 'committed' }, value: commits },
        { labels: { result: 'failed' }, value: commitFailures },
      ];
    },
  });
  addCounter(registry, {
    name: 'billcast_consumer_joins_total',
    help: 'How often the consumer group was joined',
    labelNames: [],
    read: () => [{ labels: {}, value: intake().joins }],
  });
  addGauge(registry, {
    name: 'billcast_consumer_partitions',
    help: 'Partitions that this process has',
    labelNames: [],
    read: () => [{ labels: {}, value: intake().partitions }],
  });
  addGauge(registry, {
    name: 'billcast_watermark_age_seconds',
    help: 'How long the watermark has stood still while records are in flight',
    labelNames: ['topic', 'partition'],
    read: () =>
      ages.read(watermarks(), performance.now()).map(({ topic, partition, seconds }) => ({
        labels: { topic, partition: String(partition) },
        value: seconds,
      })),
  });
}

function addCaretaker(registry: Registry, caretaker: CaretakerMeter): void {
  addCounter(registry, {
    name: 'billcast_sweeper_moves_total',
    help: 'Bills, events without a bill and dead dispatchers that sweeps and look-ups of this process have moved',
    labelNames: ['kind'],
    read: () => caretaker.moves.map(({ kind, count }) => ({ labels: { kind }, value: count })),
  });
  addCounter(registry, {
    name: 'billcast_relay_published_total',
    help: 'Events and dead letters that the relay of this process has published',
    labelNames: [],
    read: () => [{ labels: {}, value: caretaker.relayed }],
  });
  const lastSuccess = (
    name: 'billcast_sweeper_last_success_timestamp_seconds' | 'billcast_relay_last_success_timestamp_seconds',
    help: string,
    read: () => number | undefined,
  ) =>
    addGauge(registry, {
      name,
      help,
      labelNames: [],
      read: () => {
        const value = read();
        return value === undefined ? [] : [{ labels: {}, value }];
      },
    });
  lastSuccess(
    'billcast_sweeper_last_success_timestamp_seconds',
    'The last sweep of this process; one process at a time has the turn',
    () => caretaker.lastSweepAt,
  );
  lastSuccess(
    'billcast_relay_last_success_timestamp_seconds',
    'The last round of the relay of this process; one process at a time has the lease',
    () => caretaker.lastRelayRoundAt,
  );
}
