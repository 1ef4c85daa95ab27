import type { Registry } from 'prom-client';
import type { SettlingTransition } from '../bill.ts';
import { addCounter, addGauge } from './metricsRegistry.ts';
import type { PathMeters } from './pathMeters.ts';
import type { RouteSource } from './routeSource.ts';
import { stageNames } from './stageMeters.ts';
import { TalliedHistogram } from './talliedHistogram.ts';

/** Transitions after which the bill is tried again in the same cycle, by the label `kind`. */
const retries = {
  notSent: 'not_sent',
  braked: 'braked',
  held: 'held',
  quietHours: 'quiet_hours',
} as const satisfies Partial<Record<SettlingTransition, string>>;

/** Transitions that settle a bill for this channel or for good, by the label `transition`. */
const settlements = {
  accepted: 'accepted',
  refusedToNext: 'refused_to_next',
  refusedForGood: 'refused_for_good',
  unknown: 'unknown',
  unaddressedToNext: 'unaddressed_to_next',
  refusedBeforeToNext: 'refused_before_to_next',
  refusedBeforeForGood: 'refused_before_for_good',
  exhausted: 'exhausted',
  unpreparable: 'unpreparable',
} as const satisfies Partial<Record<SettlingTransition, string>>;

/** Adds the metrics of the path in this process: sends, stages, settlements. */
export function addPathMetrics(
  registry: Registry,
  meters: PathMeters,
  routes: readonly Pick<RouteSource, 'channel' | 'name' | 'sends' | 'price'>[],
): void {
  addSends(registry, routes);
  addStages(registry, meters);
  addCounter(registry, {
    name: 'billcast_retries_total',
    help: 'Bills that were put back to be tried again in the same cycle',
    labelNames: ['kind'],
    read: () => readTransitions(meters, retries).map(([kind, value]) => ({ labels: { kind }, value })),
  });
  addCounter(registry, {
    name: 'billcast_settlements_total',
    help: 'Bills that were settled, by what became of them',
    labelNames: ['transition'],
    read: () =>
      readTransitions(meters, settlements).map(([transition, value]) => ({ labels: { transition }, value })),
  });
}

function addSends(
  registry: Registry,
  routes: readonly Pick<RouteSource, 'channel' | 'name' | 'sends' | 'price'>[],
): void {
  addCounter(registry, {
    name: 'billcast_sends_total',
    help: 'Answers to sends',
    labelNames: ['channel', 'provider', 'outcome', 'reason'],
    read: () =>
      routes.flatMap(({ channel, name, sends }) =>
        sends.counts.map(({ outcome, reason, count }) => ({
          labels: { channel, provider: name, outcome, reason },
          value: count,
        })),
      ),
  });
  addCounter(registry, {
    name: 'billcast_cost_total',
    help: 'What the accepted sends cost, by PROVIDER_PRICES and PRICE_...; only of those with a price',
    labelNames: ['channel', 'provider'],
    read: () =>
      routes.flatMap(({ channel, name, sends, price }) =>
        price === undefined ? [] : [{ labels: { channel, provider: name }, value: price * sends.accepted }],
      ),
  });
  new TalliedHistogram({
    name: 'billcast_send_duration_seconds',
    help: 'From the start of a send to its answer',
    labelNames: ['channel', 'provider', 'outcome'],
    series: routes.flatMap(({ channel, name, sends }) =>
      sends.durations.map(({ outcome, tally }) => ({
        labels: { channel, provider: name, outcome },
        tally,
      })),
    ),
    registry,
  });
}

function addStages(registry: Registry, { stages }: PathMeters): void {
  new TalliedHistogram({
    name: 'billcast_stage_duration_seconds',
    help: 'How long a batch takes in a stage: its statement, or the render threads',
    labelNames: ['stage'],
    series: stageNames.map((stage) => ({ labels: { stage }, tally: stages.of(stage).durations })),
    registry,
  });
  new TalliedHistogram({
    name: 'billcast_batch_bills',
    help: 'Bills per batch of a stage',
    labelNames: ['stage'],
    series: stageNames.map((stage) => ({ labels: { stage }, tally: stages.of(stage).batches })),
    registry,
  });
  addGauge(registry, {
    name: 'billcast_stage_bills',
    help: 'Bills that are in a stage now',
    labelNames: ['stage'],
    read: () => stageNames.map((stage) => ({ labels: { stage }, value: stages.of(stage).bills })),
  });
}

function readTransitions(
  { settled }: PathMeters,
  labels: Partial<Record<SettlingTransition, string>>,
): [string, number][] {
  const transitions = Object.keys(labels) as SettlingTransition[];
  return transitions.map((transition) => [labels[transition] ?? transition, settled.of(transition)]);
}
