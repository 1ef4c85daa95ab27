import { setTimeout as sleep } from 'node:timers/promises';
import { fetchGroupLag } from '../../../src/kafka/groupOffsets.ts';
import { allSettled } from '../benchRows.ts';
import { readResidentBytes } from '../measure/proc.ts';
import type { BenchOptions } from '../options.ts';
import { produceEvents } from '../publish/produceEvents.ts';
import { throwIfInterrupted } from '../system/interruption.ts';
import { type MeasuredProcess, startMeasuredProcess } from '../system/measuredProcess.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { readCommittedKeys } from './committedKeys.ts';
import { countAccepted, rateOf, readAccepted } from './ledgerFacts.ts';

export const consumerNames = [
  'serial',
  'detachedEarlyCommit',
  'blockingByKey',
  'asyncParallel',
  'billcast',
] as const;

export type ConsumerName = (typeof consumerNames)[number];

/** The result of one consumer, with a kill -9 in the middle. */
export interface ConsumerResult {
  readonly name: ConsumerName;
  /** Acceptances per second until the kill. */
  readonly messagesPerSecond: number;
  readonly peakBytes: number;
  readonly accepted: number;
  /** The offset is committed and the bill was never accepted: nobody will send it. */
  readonly lost: number;
  /** Bills that were accepted a second time. */
  readonly duplicated: number;
}

/** The latest time of the kill, which comes earlier if a third of the bills is accepted. */
const secondsToKill = 10;
/** The session of the dead process must time out first. Slower consumers are stopped after this. */
const secondsAfterKill = 25;
/** How long billcast may take to look up the sends that were in flight. */
const secondsToRecover = 180;

export async function measureConsumer(
  run: BenchRun,
  name: ConsumerName,
  options: BenchOptions,
): Promise<ConsumerResult> {
  await produceEvents(run.topics, options.bills);
  const beforeKill = await runUntilKilled(run, name, options);
  const afterKill = await runToItsEnd(run, name);
  const accepted = (await readAccepted(run.ledgerFile)).map(({ billId }) => billId);
  const once = new Set(accepted);
  const { kafka, EMAIL: topic, groupId } = run.topics;
  const committed = await readCommittedKeys(kafka, { topic, groupId });
  return {
    name,
    messagesPerSecond: beforeKill.messagesPerSecond,
    peakBytes: Math.max(beforeKill.peakBytes, afterKill.peakBytes),
    accepted: accepted.length,
    lost: committed.filter((billId) => !once.has(billId)).length,
    duplicated: accepted.length - once.size,
  };
}

async function runUntilKilled(run: BenchRun, name: ConsumerName, { bills, delay }: BenchOptions) {
  const process = await start(run, name);
  const aThirdAccepted = async () => (await countAccepted(run.ledgerFile)) > bills / 3;
  const peakBytes = await watch(process, secondsToKill, aThirdAccepted);
  await process.kill();
  return { peakBytes, messagesPerSecond: rateOf(await readAccepted(run.ledgerFile), delay) };
}

async function runToItsEnd(run: BenchRun, name: ConsumerName) {
  const process = await start(run, name);
  const seconds = name === 'billcast' ? secondsToRecover : secondsAfterKill;
  const peakBytes = await watch(process, seconds, () => finished(run, name));
  await process.stop();
  return { peakBytes };
}

function start(run: BenchRun, name: ConsumerName): Promise<MeasuredProcess> {
  return startMeasuredProcess(
    name === 'billcast' ? 'src/main.ts' : 'tools/bench/consumers/consumerProcess.ts',
    {
      name,
      env: { ...run.env, ...comparable },
      args: name === 'billcast' ? [] : [name],
    },
  );
}

/** No refusals, so that every bill is one e-mail. Doubts are resolved as soon as the settings allow. */
const comparable = { SIMULATED_REFUSAL_RATE: '0', LOOKUP_HORIZON_MS: '15000' };

async function finished({ database, lastBillId, topics }: BenchRun, name: ConsumerName): Promise<boolean> {
  if (name === 'billcast') return allSettled(database, lastBillId);
  const lag = await fetchGroupLag({ kafka: topics.kafka, groupId: topics.groupId, topics: [topics.EMAIL] });
  return lag.get(topics.EMAIL) === 0;
}

const sampleEveryMs = 250;

/** Waits until it is done or the time is over. @returns the peak of its resident memory */
async function watch(
  process: MeasuredProcess,
  seconds: number,
  done: () => Promise<boolean>,
): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let peak = 0;
  try {
    while (performance.now() < until && !(await done())) {
      throwIfInterrupted();
      const why = process.ended();
      if (why !== undefined) throw new Error(why);
      peak = Math.max(peak, readResidentBytes(process.pid));
      await sleep(sampleEveryMs);
    }
  } catch (error) {
    await process.kill();
    throw error;
  }
  return peak;
}
