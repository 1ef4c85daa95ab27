import type { Registry } from 'prom-client';
import { addGauge, createRegistry, type Reading } from './metricsRegistry.ts';
import { addOutcomeGauges, type OutcomeReading } from './outcomeGauges.ts';
import type { ReceiptMeter } from './receiptMeter.ts';
import { addRunMetrics, type RunReading } from './runMetrics.ts';

/** The state of the whole cluster, as the api has read it. */
export interface ClusterReading {
  /** Bills by state; the label values are those of `billcast status --json`, in snake case. */
  readonly bills: Readonly<Record<string, number>>;
  /** Unix time in seconds at which they were counted. */
  readonly countedAt: number;
  /** Published dead letters, and how many events and dead letters are due and not published. */
  readonly deadLetters: number;
  readonly owed: number;
  readonly earlyEvents: number;
  /** The age of the oldest doubt in seconds; 0 if no bill is in doubt. */
  readonly oldestDoubt: number;
  readonly dispatchers: { readonly alive: number; readonly silent: number };
  /** True if a rehearsal is open, or the settings allow only rehearsals. */
  readonly isRehearsal: boolean;
  readonly switches: readonly SwitchReading[];
  readonly lag: readonly PartitionReading[];
  /** Unix time in seconds at which all that is due is settled, at the present rate; undefined if unknown. */
  readonly expectedEnd: number | undefined;
  readonly runs: readonly RunReading[];
}

export interface SwitchReading {
  /** `paused`, a channel, or `warm_up`. */
  readonly switch: string;
  readonly by: 'person' | 'guard' | 'plan';
  readonly isThrown: boolean;
}

export interface PartitionReading {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
}

export interface ClusterMetrics {
  readonly contentType: string;
  /**
   * @param reading undefined if the cluster could not be read: then its series are left out, since old values
   * mislead
   */
  print(reading: ClusterReading | undefined, outcomes: OutcomeReading | undefined): Promise<string>;
}

/** The metrics of the api process: those of the whole cluster, and its own. */
export function createClusterMetrics(version: string, receipts: ReceiptMeter): ClusterMetrics {
  const registry = createRegistry({ version, process: 'api' });
  let current: ClusterReading | undefined;
  let currentOutcomes: OutcomeReading | undefined;
  const read =
    <Label extends string>(readings: (reading: ClusterReading) => readonly Reading<Label>[]) =>
    () =>
      current === undefined ? [] : readings(current);
  addGauge(registry, {
    name: 'billcast_cluster_read',
    help: '1: the numbers of the cluster could be read; 0: they are missing',
    labelNames: [],
    read: () => [{ labels: {}, value: Number(current !== undefined) }],
  });
  addCounts(registry, read);
  addCluster(registry, read);
  addOutcomeGauges(registry, () => currentOutcomes);
  addRunMetrics(registry, () => current?.runs);
  receipts.addTo(registry);
  return {
    contentType: registry.contentType,
    print(reading, outcomes) {
      current = reading;
      currentOutcomes = outcomes;
      return registry.metrics();
    },
  };
}

type Read = <Label extends string>(
  readings: (reading: ClusterReading) => readonly Reading<Label>[],
) => () => readonly Reading<Label>[];

function addCounts(registry: Registry, read: Read): void {
  addGauge(registry, {
    name: 'billcast_bills',
    help: 'Bills by state',
    labelNames: ['state'],
    read: read(({ bills }) => Object.entries(bills).map(([state, value]) => ({ labels: { state }, value }))),
  });
  addGauge(registry, {
    name: 'billcast_bills_counted_timestamp_seconds',
    help: 'When billcast_bills was counted',
    labelNames: [],
    read: read(({ countedAt }) => [{ labels: {}, value: countedAt }]),
  });
  addGauge(registry, {
    name: 'billcast_dead_letters',
    help: 'Dead letters that are published: bills that are FAILED, and records that could not be used',
    labelNames: [],
    read: read(({ deadLetters }) => [{ labels: {}, value: deadLetters }]),
  });
  addGauge(registry, {
    name: 'billcast_owed_records',
    help: 'Events and dead letters that are due and not published',
    labelNames: [],
    read: read(({ owed }) => [{ labels: {}, value: owed }]),
  });
  addGauge(registry, {
    name: 'billcast_early_events',
    help: 'Events that wait for the row of their bill',
    labelNames: [],
    read: read(({ earlyEvents }) => [{ labels: {}, value: earlyEvents }]),
  });
  addGauge(registry, {
    name: 'billcast_oldest_age_seconds',
    help: 'How long the oldest bill has been in the state',
    labelNames: ['state'],
    read: read(({ oldestDoubt }) => [{ labels: { state: 'in_doubt' }, value: oldestDoubt }]),
  });
  addGauge(registry, {
    name: 'billcast_expected_end_timestamp_seconds',
    help: 'When all bills that are due are settled, at the rate of the last seconds',
    labelNames: [],
    read: read(({ expectedEnd }) => (expectedEnd === undefined ? [] : [{ labels: {}, value: expectedEnd }])),
  });
}

function addCluster(registry: Registry, read: Read): void {
  addGauge(registry, {
    name: 'billcast_rehearsal',
    help: '1: a rehearsal is open, or DELIVER_ONLY_TO or REDIRECT_ALL_TO is set; no member gets a bill by it',
    labelNames: [],
    read: read(({ isRehearsal }) => [{ labels: {}, value: Number(isRehearsal) }]),
  });
  addGauge(registry, {
    name: 'billcast_dispatchers',
    help: 'Dispatchers by whether they were heard of within CLAIM_TTL_MS',
    labelNames: ['state'],
    read: read(({ dispatchers: { alive, silent } }) => [
      { labels: { state: 'alive' }, value: alive },
      { labels: { state: 'silent' }, value: silent },
    ]),
  });
  addGauge(registry, {
    name: 'billcast_switch_thrown',
    help: '1: nothing goes out; by a person (pause), a brake (guard), or a warm-up plan',
    labelNames: ['switch', 'by'],
    read: read(({ switches }) =>
      switches.map(({ switch: name, by, isThrown }) => ({
        labels: { switch: name, by },
        value: Number(isThrown),
      })),
    ),
  });
  addGauge(registry, {
    name: 'billcast_consumer_lag_records',
    help: 'Records that are published and not consumed',
    labelNames: ['topic', 'partition'],
    read: read(({ lag }) =>
      lag.map(({ topic, partition, lag: value }) => ({
        labels: { topic, partition: String(partition) },
        value,
      })),
    ),
  });
}
