import { perChannel } from '../../src/channels.ts';
import { CaretakerMeter } from '../../src/metrics/caretakerMeter.ts';
import { createClusterMetrics } from '../../src/metrics/clusterMetrics.ts';
import { createDispatcherMetrics } from '../../src/metrics/dispatcherMetrics.ts';
import { createPathMeters } from '../../src/metrics/pathMeters.ts';
import { ReceiptMeter } from '../../src/metrics/receiptMeter.ts';
import { SendTally } from '../../src/metrics/sendTally.ts';

/** The labels of each metric, as the processes print them. */
export async function readMetricLabels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const caretaker = new CaretakerMeter();
  caretaker.swept({});
  caretaker.relayRound(0);
  const dispatcher = createDispatcherMetrics({
    template: { name: 'bill', version: 'f00' },
    version: '1',
    channels: ['EMAIL', 'SMS'],
    routes: [
      {
        channel: 'EMAIL',
        name: 'simulated',
        sends: new SendTally(),
        price: 1,
        tokens: () => 1,
        slots: () => 1,
        isBraked: () => false,
      },
    ],
    path: createPathMeters(),
    caretaker,
    lanes: () => perChannel(() => ({ inFlight: 0, isPaused: false })),
    intake: () => ({ received: 0, repeated: 0, partitions: 0, joins: 0, commits: 0, commitFailures: 0 }),
    watermarks: () => [{ topic: 't', partition: 0, watermark: 0, inFlight: 0 }],
  });
  const receipts = new ReceiptMeter();
  receipts.add({ channel: 'EMAIL', provider: 'http', kind: 'delivered' }, 1);
  const cluster = createClusterMetrics('1', receipts).print(
    {
      bills: { pending: 0 },
      countedAt: 0,
      deadLetters: 0,
      owed: 0,
      earlyEvents: 0,
      oldestDoubt: 0,
      expectedEnd: 0,
      dispatchers: { alive: 0, silent: 0 },
      isRehearsal: false,
      switches: [{ switch: 'paused', by: 'person', isThrown: false }],
      lag: [{ topic: 't', partition: 0, lag: 0 }],
      runs: [
        {
          run: 'r',
          kind: 'PLANNED',
          state: 'PAUSED',
          hold: 'PERSON',
          isCanary: true,
          released: 1,
          left: 1,
          expectedEnd: 1,
          deadline: 1,
          waitsForApprovalSince: 1,
        },
      ],
    },
    { owed: 0, unpublished: 0, webhooks: [{ id: 'w', behind: 0, failures: 0, isEnabled: true }] },
  );
  return labelsOf(`${await dispatcher.metrics()}\n${await cluster}`);
}

/** The labels of each metric in a text in Prometheus' format. */
function labelsOf(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, name, inside = ''] = /^([a-z_:]\w*)(?:\{(.*)\})? /i.exec(line) ?? [];
    if (name === undefined) continue;
    const known = labels.get(name) ?? new Set();
    labels.set(name, known);
    for (const [, label = ''] of inside.matchAll(/(\w+)="/g)) known.add(label);
  }
  return labels;
}
