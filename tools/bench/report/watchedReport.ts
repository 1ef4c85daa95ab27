import { medianOf } from '../measure/median.ts';
import type { Summary } from '../measure/summary.ts';
import type { WatchedResult } from '../watched/measureWatched.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** What the api process, its metrics and a page that watches cost the path. */
export function watchedReport({
  machine,
  options,
  alone,
  watched,
  ratios,
  ratio,
  seen,
}: WatchedResult): Report {
  const events = seen.reduce((sum, one) => sum + one.events, 0);
  const scrapes = seen.reduce((sum, one) => sum + one.scrapes, 0);
  return {
    lines: [
      machineLine(machine),
      `${options.bills.toLocaleString('en')} bills, ${options.runs} pairs; the page got ${events} events, ` +
        `and metrics were read ${scrapes} times.`,
      `The api took ${perCent(seen.map((one) => one.apiUsPerSecond))} of a core, ` +
        `and its readers ${perCent(seen.map((one) => one.readersUsPerSecond))}.`,
      `Watched to alone: ${ratios.map((one) => one.toFixed(3)).join(', ')}; median ${ratio?.toFixed(3) ?? '-'}.`,
    ],
    rows: [
      ['', 'bills/s', 'CPU per bill of the dispatchers, us', 'PostgreSQL, us'],
      ['alone', ...figures(alone)],
      ['with api, metrics and a page', ...figures(watched)],
    ],
    bars: [
      { label: 'alone', value: alone.steadyBillsPerSecond ?? 0 },
      { label: 'watched', value: watched.steadyBillsPerSecond ?? 0 },
    ],
    unit: 'bills/s',
    facts: { ratio, ratios, alone, watched, seen, machine, options },
  };
}

function figures({ steadyBillsPerSecond, cpuUsPerBill }: Summary): string[] {
  const { mainLoop = 0, renderThreads = 0, otherThreads = 0, postgres = 0 } = cpuUsPerBill;
  const node = mainLoop + renderThreads + otherThreads;
  return [
    Math.round(steadyBillsPerSecond ?? 0).toLocaleString('en'),
    ...[node, postgres].map((us) => us.toFixed(1)),
  ];
}

/** The median of CPU in microseconds per second. */
function perCent(each: readonly number[]): string {
  return `${((medianOf(each, (one) => one) ?? 0) / 10_000).toFixed(1)} %`;
}
