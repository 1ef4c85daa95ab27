import type { Summary } from '../measure/summary.ts';
import type { ScaleResult } from '../scale/measureScale.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** One row per point of the dimension. */
export function scaleReport({ dimension, machine, options, points }: ScaleResult): Report {
  return {
    lines: [
      machineLine(machine),
      `Medians of ${options.runs}. Unless the row says otherwise: ` +
        `${options.bills.toLocaleString('en')} bills with ${options.items} items, ` +
        `${options.cipher}, ${options.delay} ms per send.`,
    ],
    rows: [
      [
        dimension,
        'bills/s',
        'CPU per bill, us',
        'Node',
        'PostgreSQL',
        'Kafka',
        'peak MB',
        'first / last tenth',
      ],
      ...points.map(({ label, summary }) => [label, ...figures(summary)]),
    ],
    bars: points.map(({ label, summary }) => ({ label, value: summary.steadyBillsPerSecond ?? 0 })),
    unit: 'bills/s',
    facts: { dimension, points, machine, options },
  };
}

function figures({ steadyBillsPerSecond, cpuUsPerBill, peakBytes }: Summary): string[] {
  const { mainLoop = 0, renderThreads = 0, otherThreads = 0, postgres = 0, kafka = 0 } = cpuUsPerBill;
  const node = mainLoop + renderThreads + otherThreads;
  return [
    whole(steadyBillsPerSecond),
    ...[node + postgres + kafka, node, postgres, kafka].map((us) => us.toFixed(1)),
    megabytes(peakBytes.node),
    `${megabytes(peakBytes.nodeFirstTenth)} / ${megabytes(peakBytes.nodeLastTenth)}`,
  ];
}

function whole(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number | undefined): string {
  return whole(bytes === undefined ? undefined : bytes / 1e6);
}
