import type { Registry } from 'prom-client';
import { addGauge, type Reading } from './metricsRegistry.ts';

/** A run that is not over, in the form for Prometheus. Times are Unix times in seconds. */
export interface RunReading {
  readonly run: string;
  readonly kind: string;
  readonly state: string;
  /** Why it is paused; null if it is not. */
  readonly hold: string | null;
  /** The first bills are released, and the others are not. */
  readonly isCanary: boolean;
  readonly released: number;
  /** How many of its bills are left; null if it is not known how many it has. */
  readonly left: number | null;
  readonly expectedEnd: number | null;
  readonly deadline: number | null;
  /** Since when it waits for an approval. */
  readonly waitsForApprovalSince: number | null;
}

/** Undefined: the runs could not be read. */
type ReadRuns = () => readonly RunReading[] | undefined;

/** Adds the metrics of open runs. Others are left out, so that there are never many series. */
export function addRunMetrics(registry: Registry, runs: ReadRuns): void {
  const gauge = <Label extends string>(
    name: `billcast_${string}`,
    help: string,
    described: {
      readonly labelNames: readonly Label[];
      readonly of: (run: RunReading) => readonly Reading<Label>[];
    },
  ) =>
    addGauge(registry, {
      name,
      help,
      labelNames: described.labelNames,
      read: () => (runs() ?? []).flatMap(described.of),
    });
  gauge('billcast_run_state', '1: the state of an open run', {
    labelNames: ['run', 'kind', 'state'],
    of: ({ run, kind, state }) => [{ labels: { run, kind, state }, value: 1 }],
  });
  gauge('billcast_run_hold', '1: the run is paused, and why', {
    labelNames: ['run', 'reason'],
    of: ({ run, hold }) => (hold === null ? [] : [{ labels: { run, reason: hold }, value: 1 }]),
  });
  gauge('billcast_run_canary', '1: only the canary of the run is out', {
    labelNames: ['run'],
    of: ({ run, isCanary }) => [{ labels: { run }, value: Number(isCanary) }],
  });
  gauge('billcast_run_bills', 'Bills of an open run that are released, and that are left', {
    labelNames: ['run', 'part'],
    of: ({ run, released, left }) => [
      { labels: { run, part: 'released' }, value: released },
      ...(left === null ? [] : [{ labels: { run, part: 'left' }, value: left }]),
    ],
  });
  addTime(
    'billcast_run_expected_end_timestamp_seconds',
    'When all bills of the run are settled, at the present rate',
    ({ expectedEnd }) => expectedEnd,
  );
  addTime('billcast_run_deadline_timestamp_seconds', 'The deadline of the run', ({ deadline }) => deadline);
  addTime(
    'billcast_run_waits_for_approval_timestamp_seconds',
    'Since when the run waits for an approval',
    ({ waitsForApprovalSince }) => waitsForApprovalSince,
  );

  function addTime(
    name: `billcast_${string}_timestamp_seconds`,
    help: string,
    timeOf: (run: RunReading) => number | null,
  ): void {
    gauge(name, help, {
      labelNames: ['run'],
      of: (reading) => {
        const value = timeOf(reading);
        return value === null ? [] : [{ labels: { run: reading.run }, value }];
      },
    });
  }
}
