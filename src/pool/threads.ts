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
  /** The longest that a thread may be at one bill. */
  readonly billMs: number;
  /** The longest that the start of all threads may take. */
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
   * Bills never make it throw.
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

/** Not the whole claim: this is copied into the thread. */
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
    // As many all the time: piscina keeps what is queued for a thread that dies only if it must replace it.
    minThreads: settings.threads,
    maxThreads: settings.threads,
    workerData: settings.thread,
    resourceLimits: {
      maxOldGenerationSizeMb: settings.maxHeapMb,
      maxYoungGenerationSizeMb: youngGenerationMb,
    },
    // The threads need nothing else of the environment, and secrets are in it.
    env: threadEnvironment,
    recordTiming: false,
    workerHistogram: false,
  });
  // Piscina replaces a thread that dies idle; without a listener the error would end the process.
  piscina.on('error', () => undefined);
  return piscina;
}

// A batch leaves some MiB of short-lived values: with room for them, few are taken for long-lived ones.
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

/** Ends the thread when it is stuck, and so the task: nothing else ends a thread that hangs. */
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
