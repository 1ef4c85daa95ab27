import { Piscina } from 'piscina';
import { channels, threadEnvironment } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import { createLimit } from '../lib/limit.ts';
import type { Attempt } from '../providers/provider.ts';
import { channelOfRoute, type RouteName } from '../providers/providerShares.ts';
import {
  notBegun,
  type RenderedReply,
  type RenderTask,
  type RenderThreadOptions,
  type ThreadReply,
  type ThreadTask,
  type UnrenderedBill,
} from './messages.ts';
import { pack } from './pack.ts';
import { type ProgressLimits, watchProgress } from './progressWatch.ts';
import type { RotatingKeys } from './rotatingKeys.ts';
import { SpareMemory } from './spareMemory.ts';

export interface ThreadsOptions {
  readonly threads: number;
  readonly thread: RenderThreadOptions;
  readonly keys: RotatingKeys;
  /** The module that exports `runTask`. */
  readonly threadUrl: URL;
  /** The longest that a thread may take for one bill, ms. */
  readonly billMs: number;
  /** The longest that the start of all threads may take, ms. */
  readonly startTimeoutMs: number;
  /** JavaScript memory of one thread, in MiB; the bytes of rendered bills do not count. */
  readonly maxHeapMb: number;
}

/** How a task ended; `at` is the index of the bill that the thread was at when it died. */
export type TaskOutcome =
  | RenderedReply
  | { readonly kind: 'crashed'; readonly at: number; readonly why: string };

/** The threads: they run tasks, and are replaced when they die or hang. */
export interface RenderThreads {
  /**
   * Never throws because of a bill.
   * @throws BillcastError RENDER_POOL_FAILED if a replaced thread cannot start
   */
  run(route: RouteName, bills: readonly UnrenderedBill[]): Promise<TaskOutcome>;
  /** Takes back the memory of a `RenderedReply` that nobody reads any more. */
  giveBack(bytes: ArrayBuffer): void;
  /**
   * Renders the sample bill on every thread, while nothing else runs.
   * @throws Error saying why a thread cannot
   */
  warmUp(): Promise<void>;
  /** Renders the sample bill on one thread. Throws as `warmUp` does. */
  check(): Promise<void>;
  destroy(): Promise<void>;
}

export function createRenderThreads(settings: ThreadsOptions): RenderThreads {
  const { threads, startTimeoutMs } = settings;
  const piscina = createPiscina(settings);
  const limit = createLimit(threads);
  const memory = new SpareMemory();
  const limits = { billMs: settings.billMs, startMs: startTimeoutMs };
  const renderSample = async (together: number, arrived: Int32Array): Promise<void> => {
    const task: ThreadTask = { kind: 'warmUp', arrived, threads: together, waitMs: startTimeoutMs };
    failUnlessStarted(await runWithin(piscina, task, limits));
  };
  return {
    run: (route, bills) =>
      limit(() => {
        const channel = channelOfRoute(route);
        const isEncoded = settings.thread.encoders[route] !== undefined;
        const hasLinks = settings.thread.model.viewLinks !== undefined;
        const attempts = isEncoded || hasLinks ? bills.map(attemptOf) : undefined;
        const printsBatch = !isEncoded && channels[channel].message.kind === 'email';
        const spare = printsBatch ? memory.take() : undefined;
        const progress = sharedInt(notBegun);
        const task: RenderTask = {
          kind: 'render',
          channel,
          route,
          ...pack(bills),
          attempts,
          spare,
          keys: settings.keys.later,
          progress,
        };
        return renderOn(piscina, task, limits);
      }),
    giveBack: (bytes) => memory.giveBack(bytes),
    warmUp: async () => {
      const arrived = sharedInt(0);
      await Promise.all(Array.from({ length: threads }, () => renderSample(threads, arrived)));
    },
    check: () => limit(() => renderSample(1, sharedInt(0))),
    destroy: () => piscina.destroy(),
  };
}

/** Leaves out the rest of the claim: this is copied into the thread. */
function attemptOf({ bill: { claim } }: UnrenderedBill): Attempt {
  const { billId, memberId, channel, cycle, datedAtMs, test } = claim;
  return test === undefined
    ? { billId, memberId, channel, cycle, datedAtMs }
    : { billId, memberId, channel, cycle, datedAtMs, test };
}

type Threads = Piscina<ThreadTask, ThreadReply>;

function createPiscina(settings: ThreadsOptions): Threads {
  const piscina: Threads = new Piscina({
    filename: settings.threadUrl.href,
    name: 'runTask',
    // The same number all the time: if a thread dies, piscina keeps its queued tasks only if it must replace
    // the thread.
    minThreads: settings.threads,
    maxThreads: settings.threads,
    workerData: settings.thread,
    resourceLimits: {
      maxOldGenerationSizeMb: settings.maxHeapMb,
      maxYoungGenerationSizeMb: youngGenerationMb,
    },
    // The threads need nothing else of the environment, which holds secrets.
    env: threadEnvironment,
    recordTiming: false,
    workerHistogram: false,
  });
  // Piscina replaces a thread that dies idle; without a listener the error would end the process.
  piscina.on('error', () => undefined);
  return piscina;
}

// A batch leaves some MiB of short-lived values. With this much room, few of them are moved to the old
// generation.
const youngGenerationMb = 16;

async function renderOn(piscina: Threads, task: RenderTask, limits: ProgressLimits): Promise<TaskOutcome> {
  let reply: ThreadReply;
  try {
    reply = await runWithin(piscina, task, limits);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'crashed', at: Atomics.load(task.progress, 0), why };
  }
  failUnlessStarted(reply);
  if (reply.kind !== 'rendered') {
    throw new BillcastError('RENDER_POOL_FAILED', `A thread answered ${reply.kind}`);
  }
  return reply;
}

/** If the thread is stuck, ends it, and so the task: nothing else ends a thread that hangs. */
async function runWithin(piscina: Threads, task: ThreadTask, limits: ProgressLimits): Promise<ThreadReply> {
  const stuck = new AbortController();
  const progress = task.kind === 'render' ? task.progress : sharedInt(notBegun);
  const endWatch = watchProgress(progress, limits, () => stuck.abort());
  try {
    return await piscina.run(task, { signal: stuck.signal, transferList: memoryOf(task) });
  } catch (error) {
    if (!stuck.signal.aborted) throw error;
    const { billMs, startMs } = limits;
    throw new Error(
      Atomics.load(progress, 0) === notBegun
        ? `the thread did not begin within ${startMs} ms`
        : `the thread was at it for more than ${billMs} ms`,
    );
  } finally {
    endWatch();
  }
}

function memoryOf(task: ThreadTask): ArrayBuffer[] {
  if (task.kind === 'warmUp') return [];
  return task.spare === undefined ? [task.texts] : [task.texts, task.spare];
}

function failUnlessStarted(reply: ThreadReply): void {
  if (reply.kind === 'startFailed') throw new BillcastError(reply.code, reply.message);
}

function sharedInt(value: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4)).fill(value);
}
