import type { ConsumerComparison } from '../consumers/compareConsumers.ts';
import type { ConsumerResult } from '../consumers/measureConsumer.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** One row per consumer. */
export function consumersReport({ machine, options, consumers }: ConsumerComparison): Report {
  return {
    lines: [
      machineLine(machine),
      `${options.bills.toLocaleString('en')} messages, ${options.delay} ms per send, one process, ` +
        'kill -9 once in the middle.',
    ],
    rows: [['consumer', 'messages/s', 'peak MB', 'accepted', 'lost', 'sent twice'], ...consumers.map(rowOf)],
    bars: consumers.map(({ name, messagesPerSecond }) => ({ label: name, value: messagesPerSecond })),
    unit: 'messages/s',
    facts: { consumers, machine, options },
  };
}

function rowOf({ name, messagesPerSecond, peakBytes, accepted, lost, duplicated }: ConsumerResult): string[] {
  return [
    name,
    ...[messagesPerSecond, peakBytes / 1e6, accepted, lost, duplicated].map((value) =>
      Math.round(value).toLocaleString('en'),
    ),
  ];
}
