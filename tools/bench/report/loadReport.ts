import type { LoadTestResult } from '../loadTest.ts';
import type { BenchOptions } from '../options.ts';
import { loadRows } from './loadRows.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** The product beside its floor, or one of them alone. */
export function loadReport(result: LoadTestResult): Report {
  const { product, floor, machine, options, published } = result;
  const columns = {
    ...(product === undefined ? {} : { billcast: product }),
    ...(floor === undefined ? {} : { floor }),
  };
  return {
    lines: [machineLine(machine), settingsLine(result), ...publishLines(published), ...ratioLines(result)],
    rows: loadRows(columns),
    bars: Object.entries(columns).map(([label, { steadyBillsPerSecond = 0 }]) => ({
      label,
      value: steadyBillsPerSecond,
    })),
    unit: 'bills/s',
    facts: {
      billsPerSecond: product?.steadyBillsPerSecond ?? null,
      floorBillsPerSecond: floor?.steadyBillsPerSecond ?? null,
      ratio: ratioOf(result) ?? null,
      product,
      floor,
      published,
      machine,
      options,
    },
  };
}

function settingsLine({ options, product }: LoadTestResult): string {
  return [
    `Medians of ${options.runs}: ${options.bills.toLocaleString('en')} bills with ${options.items} items`,
    ...[options.cipher, `${options.processes} dispatcher(s)`, `${options.delay} ms per send`],
    `MAX_IN_FLIGHT ${options.inFlight ?? 'as set'}`,
    howPublished(options, product !== undefined),
  ].join(', ');
}

/** @param relays whether the product is measured; the floor has no relay */
function howPublished({ preload, whileSending }: BenchOptions, relays: boolean): string {
  if (whileSending) return 'released by POST /publish while others are sent.';
  return preload || !relays
    ? 'all events in Kafka before the start.'
    : 'released by POST /publish and relayed, then sent.';
}

function publishLines(published: LoadTestResult['published']): string[] {
  return published
    .filter((report) => report !== undefined)
    .map(
      ({ requests, failed, requestsPerSecond, p50Ms, p99Ms, eventsPerSecond }, index) =>
        `POST /publish, run ${index + 1}: ${requests} requests, ${failed} failed, ` +
        `${requestsPerSecond.toFixed(1)}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms${outboxPart(eventsPerSecond)}.`,
    );
}

function outboxPart(eventsPerSecond: number | undefined): string {
  return eventsPerSecond === undefined
    ? ''
    : `; ${Math.round(eventsPerSecond).toLocaleString('en')} events/s until the outbox was empty`;
}

function ratioLines(result: LoadTestResult): string[] {
  const ratio = ratioOf(result);
  return ratio === undefined ? [] : [`billcast reaches ${(ratio * 100).toFixed(0)} % of its floor.`];
}

function ratioOf({ product, floor }: LoadTestResult): number | undefined {
  const rate = product?.steadyBillsPerSecond;
  const floorRate = floor?.steadyBillsPerSecond;
  return rate === undefined || floorRate === undefined ? undefined : rate / floorRate;
}
