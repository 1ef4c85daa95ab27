import type { LatencyResult } from '../latency/measureLatency.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** How long a bill that comes alone takes to its hand-off. */
export function latencyReport({ machine, options, event, row }: LatencyResult): Report {
  return {
    lines: [
      machineLine(machine),
      `${options.bills.toLocaleString('en')} bills, one at a time, one idle dispatcher.`,
    ],
    rows: [
      ['to the hand-off, ms', 'p50', 'p99', 'max'],
      ...Object.entries({ 'from its event': event, 'from its row, by the relay': row }).map(
        ([label, { p50, p99, max }]) => [label, ...[p50, p99, max].map((ms) => ms.toFixed(1))],
      ),
    ],
    bars: [
      { label: 'event, p50', value: event.p50 },
      { label: 'event, p99', value: event.p99 },
      { label: 'row, p50', value: row.p50 },
      { label: 'row, p99', value: row.p99 },
    ],
    unit: 'ms',
    facts: { event, row, machine, options },
  };
}
