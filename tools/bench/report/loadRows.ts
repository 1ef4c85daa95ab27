import type { Latency } from '../measure/latency.ts';
import type { Summary } from '../measure/summary.ts';

/** The figures of a load test: one row per figure, one column per program that was measured. */
export function loadRows(columns: Readonly<Record<string, Summary>>): string[][] {
  const summaries = Object.values(columns);
  const row = (label: string, show: (summary: Summary) => string): string[] => [
    label,
    ...summaries.map(show),
  ];
  return [
    ['medians', ...Object.keys(columns)],
    row('bills/s, steady (10 to 90 % settled)', (s) => whole(s.steadyBillsPerSecond)),
    row('bills/s, from first to last', (s) => whole(s.wholeBillsPerSecond)),
    row('event to hand-off, ms: p50 / p99 / max', (s) => latency(s.eventToHandOff)),
    row('event to settled, ms: p50 / p99 / max', (s) => latency(s.eventToSettled)),
    row('hand-off to settled, ms: p50 / p99 / max', (s) => latency(s.handOffToSettled)),
    row('CPU per bill, us: main loop', (s) => tenth(s.cpuUsPerBill.mainLoop)),
    row('CPU per bill, us: render threads', (s) => tenth(s.cpuUsPerBill.renderThreads)),
    row('CPU per bill, us: other threads of Node', (s) => tenth(s.cpuUsPerBill.otherThreads)),
    row('CPU per bill, us: PostgreSQL', (s) => tenth(s.cpuUsPerBill.postgres)),
    row('CPU per bill, us: Kafka', (s) => tenth(s.cpuUsPerBill.kafka)),
    row('peak memory, MB: Node', (s) => megabytes(s.peakBytes.node)),
    row('peak memory, MB: Node, first tenth / last tenth of the bills', (s) =>
      [s.peakBytes.nodeFirstTenth, s.peakBytes.nodeLastTenth].map(megabytes).join(' / '),
    ),
    row('peak memory, MB: PostgreSQL', (s) => megabytes(s.peakBytes.postgres)),
    row('peak memory, MB: Kafka', (s) => megabytes(s.peakBytes.kafka)),
    row('statements per bill', (s) => s.statementsPerBill?.toFixed(4) ?? none),
    row('WAL per bill, bytes', (s) => whole(s.walBytesPerBill)),
    row('HOT share of updates, %', (s) => tenth(s.hotShare === undefined ? undefined : s.hotShare * 100)),
  ];
}

const none = '-';

function whole(value: number | undefined): string {
  return value === undefined ? none : Math.round(value).toLocaleString('en');
}

function tenth(value: number | undefined): string {
  return value?.toFixed(1) ?? none;
}

function megabytes(bytes: number | undefined): string {
  return whole(bytes === undefined ? undefined : bytes / 1e6);
}

function latency(value: Latency | undefined): string {
  return value === undefined ? none : [value.p50, value.p99, value.max].map(whole).join(' / ');
}
