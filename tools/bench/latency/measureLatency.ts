import { setTimeout as sleep } from 'node:timers/promises';
import { readHandOffs, releaseById } from '../benchRows.ts';
import { startDispatchers } from '../load/dispatchers.ts';
import { type Latency, latencyOf } from '../measure/latency.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { firstBillId } from '../seedBills.ts';
import { withBench } from '../system/benchmark.ts';
import { throwIfInterrupted } from '../system/interruption.ts';
import type { BenchRun } from '../system/measuredRun.ts';

/** How long a bill that comes alone takes until its hand-off, as an event and as a row. */
export interface LatencyResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  /** The time from just before its event is given to Kafka. */
  readonly event: Latency;
  /** The time from just before its row is released, so the relay is included. */
  readonly row: Latency;
}

/** Long enough to finish one bill before the next one comes, and no multiple of a poll. */
const pauseMs = 133;
const untilIdleMs = 3_000;

/** Sends one bill after the other through one idle dispatcher: half by events, half by their rows. */
export function measureLatency(options: BenchOptions): Promise<LatencyResult> {
  return withBench(options, ({ machine, withRun }) =>
    withRun('latency', async (run) => {
      const processes = await startDispatchers(1, run);
      try {
        await sleep(untilIdleMs);
        const half = Math.ceil(options.bills / 2);
        const first = firstBillId(options.bills);
        const event = await withEventSender(run, first, (send) =>
          oneByOne(run, { first, count: half, send }),
        );
        const row = await oneByOne(run, {
          first: first + half,
          count: options.bills - half,
          send: async (billId) => void (await releaseById(run.database, [String(billId)])),
        });
        return { machine, options, event, row };
      } finally {
        await Promise.all(processes.map((process) => process.stop()));
      }
    }),
  );
}

async function oneByOne(
  { database }: BenchRun,
  { first, count, send }: { first: number; count: number; send: (billId: number) => Promise<void> },
): Promise<Latency> {
  const sentAtMs = new Map<number, number>();
  for (let billId = first; billId < first + count; billId += 1) {
    throwIfInterrupted();
    sentAtMs.set(billId, Date.now());
    await send(billId);
    await sleep(pauseMs);
  }
  const handedOff = await readHandOffs(database, first, first + count - 1);
  return latencyOf(handedOff.map(([billId, atMs]) => atMs - (sentAtMs.get(billId) ?? atMs)));
}

/** Makes a sender of single events, as a billing batch would use that publishes bill by bill. */
async function withEventSender<T>(
  { topics }: BenchRun,
  firstBill: number,
  work: (send: (billId: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  const producer = topics.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    return await work(async (billId) => {
      const value = `{"memberId":${billId - firstBill + 1},"billId":${billId}}`;
      await producer.send({ topic: topics.EMAIL, acks: -1, messages: [{ key: String(billId), value }] });
    });
  } finally {
    await producer.disconnect();
  }
}
