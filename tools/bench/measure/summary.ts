import type { Latency } from './latency.ts';
import type { Measured } from './measureRun.ts';
import { medianOf } from './median.ts';
import type { ProcessUsage } from './usage.ts';

/** Medians over runs; CPU in microseconds per bill. */
export interface Summary {
  readonly steadyBillsPerSecond: number | undefined;
  readonly wholeBillsPerSecond: number | undefined;
  readonly eventToHandOff: Latency | undefined;
  readonly eventToSettled: Latency | undefined;
  readonly handOffToSettled: Latency | undefined;
  readonly cpuUsPerBill: {
    readonly mainLoop: number | undefined;
    readonly renderThreads: number | undefined;
    readonly otherThreads: number | undefined;
    readonly postgres: number | undefined;
    readonly kafka: number | undefined;
  };
  readonly peakBytes: {
    readonly node: number | undefined;
    /** The peak until the first tenth of the bills was settled, and while the last tenth was. */
    readonly nodeFirstTenth: number | undefined;
    readonly nodeLastTenth: number | undefined;
    readonly postgres: number | undefined;
    readonly kafka: number | undefined;
  };
  readonly statementsPerBill: number | undefined;
  readonly walBytesPerBill: number | undefined;
  readonly hotShare: number | undefined;
}

export function summarize(runs: readonly Measured[]): Summary {
  const of = (pick: (run: Measured) => number | null | undefined) => medianOf(runs, pick);
  const perBill = (pick: (run: Measured) => number | undefined) =>
    of((run) => ratio(pick(run), run.settled.bills));
  const latency = (pick: (run: Measured) => Latency | null | undefined): Latency | undefined => {
    const [p50, p99, max] = (['p50', 'p99', 'max'] as const).map((key) => of((run) => pick(run)?.[key]));
    return p50 === undefined || p99 === undefined || max === undefined ? undefined : { p50, p99, max };
  };
  return {
    steadyBillsPerSecond: of(({ settled }) => settled.steadyBillsPerSecond),
    wholeBillsPerSecond: of(({ settled }) => settled.wholeBillsPerSecond),
    eventToHandOff: latency(({ settled }) => settled.eventToHandOff),
    eventToSettled: latency(({ settled }) => settled.eventToSettled),
    handOffToSettled: latency(({ settled }) => settled.handOffToSettled),
    cpuUsPerBill: {
      mainLoop: perBill(({ usage }) => usage.mainLoopUs),
      renderThreads: perBill(({ usage }) => usage.renderThreadsUs),
      otherThreads: perBill(({ usage }) => usage.otherThreadsUs),
      postgres: perBill(({ usage }) => usage.postgresUs),
      kafka: perBill(({ usage }) => usage.kafkaUs),
    },
    peakBytes: {
      node: of(({ usage }) => usage.nodeBytes),
      nodeFirstTenth: of(({ usage, settled }) => peakOf(usage, (atMs) => atMs <= settled.steadyMs[0])),
      nodeLastTenth: of(({ usage, settled }) => peakOf(usage, (atMs) => atMs >= settled.steadyMs[1])),
      postgres: of(({ usage }) => usage.postgresBytes),
      kafka: of(({ usage }) => usage.kafkaBytes),
    },
    statementsPerBill: perBill(({ work }) => work.statements),
    walBytesPerBill: perBill(({ work }) => work.walBytes),
    hotShare: of(({ work }) => ratio(work.hotUpdates, work.updates)),
  };
}

function peakOf({ nodeSamples }: ProcessUsage, isIn: (atMs: number) => boolean): number | undefined {
  const bytes = nodeSamples.filter(({ atMs }) => isIn(atMs)).map((sample) => sample.bytes);
  return bytes.length === 0 ? undefined : Math.max(...bytes);
}

function ratio(part: number | undefined, whole: number): number | undefined {
  return part === undefined || whole === 0 ? undefined : part / whole;
}
