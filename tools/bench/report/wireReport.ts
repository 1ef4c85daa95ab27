import type { CounterpartUsage, WireResult } from '../wire/measureWire.ts';
import { loadRows } from './loadRows.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

type Rival = NonNullable<WireResult['rival']>;

/** The product through real sockets, beside its floor and beside itself without sockets. */
export function wireReport(result: WireResult): Report {
  const { provider, product, floor, simulated, counterpart, machine, options, rival } = result;
  const columns = {
    [`billcast, ${provider}`]: product,
    ...(floor === undefined ? {} : { [`floor, ${provider}`]: floor }),
    'billcast, simulated': simulated,
  };
  const rate = product.steadyBillsPerSecond;
  const ratio = ratioOf(rate, floor?.steadyBillsPerSecond);
  const ofSimulated = ratioOf(rate, simulated.steadyBillsPerSecond);
  return {
    lines: [
      machineLine(machine),
      `Medians of ${options.runs}: ${options.bills.toLocaleString('en')} bills through real sockets to a ` +
        `counterpart on this machine, which answers after ${options.delay} ms. Default settings.`,
      ...counterpart.map(
        (usage, index) =>
          `Run ${index + 1}: ${connectionsOf(usage)}the counterpart took ${usage.cpuUsPerBill.toFixed(0)} us of CPU per bill.`,
      ),
      ...(rival === undefined ? [] : [rivalLine(rival, rate)]),
      `billcast reaches ${percent(ratio)} of its floor, and ${percent(ofSimulated)} of its rate without sockets.`,
    ],
    rows: loadRows(columns),
    bars: Object.entries(columns).map(([label, { steadyBillsPerSecond = 0 }]) => ({
      label,
      value: steadyBillsPerSecond,
    })),
    unit: 'bills/s',
    facts: {
      billsPerSecond: rate ?? null,
      wireFloorBillsPerSecond: floor?.steadyBillsPerSecond ?? null,
      ratio: ratio ?? null,
      provider,
      simulatedBillsPerSecond: simulated.steadyBillsPerSecond ?? null,
      ofSimulated: ofSimulated ?? null,
      rival: rival ?? null,
      ofRival: ratioOf(rate, rival?.messagesPerSecond) ?? null,
      peakBytes: product.peakBytes.node ?? null,
      counterpart,
      product,
      floor,
      simulated,
      machine,
      options,
    },
  };
}

function connectionsOf({ connections, made }: CounterpartUsage): string {
  if (connections === undefined || made === undefined) return '';
  return `${connections.toLocaleString('en')} connections at a time, ${made.toLocaleString('en')} in all, and `;
}

/** The others only send: they read, render and record nothing. */
function rivalLine({ name, messagesPerSecond }: Rival, rate: number | undefined): string {
  return (
    `${name} sends ${Math.round(messagesPerSecond).toLocaleString('en')} messages of the same size per second, ` +
    `all made before. The whole path of a bill reaches ${percent(ratioOf(rate, messagesPerSecond))} of that.`
  );
}

function ratioOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined ? undefined : part / whole;
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${(ratio * 100).toFixed(0)} %`;
}
