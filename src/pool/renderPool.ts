import { BillcastError } from '../errors.ts';
import { readProductVersion } from '../lib/productVersion.ts';
import type { Encoders } from '../providers/providerKind.ts';
import type { RouteName } from '../providers/providerShares.ts';
import { createBillModel, type ModelOptions } from '../render/bill/createBillModel.ts';
import type { RenderedBill, RenderedEmail, RenderedText } from '../render/bill/renderedBill.ts';
import { templateWarning } from '../render/bill/templateWarning.ts';
import { type CipherOptions, openFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { CipherKey } from '../render/cipher/keyRing.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';
import { compileInThread } from './compileInThread.ts';
import { loadWritePdf } from './loadWritePdf.ts';
import type { EncodedBill, UnrenderedBill } from './messages.ts';
import { type RenderOutcome, renderAll } from './renderAll.ts';
import { RotatingKeys } from './rotatingKeys.ts';
import { createSuspects, type Suspects } from './suspects.ts';
import { createRenderThreads, type RenderThreads, type ThreadsOptions } from './threads.ts';

export type { RenderOutcome } from './renderAll.ts';

/** A message that a provider can send. */
export type SendableBill = EncodedBill | RenderedEmail | RenderedText;

/** Everything that bills are rendered from. */
export interface RendererOptions extends ModelOptions {
  /** The files that `readTemplates` read. */
  readonly templates: TemplateSet;
  readonly ciphers: CipherOptions;
}

export interface RenderPoolOptions {
  /** `POOL_THREADS` */
  readonly threads: number;
  readonly renderer: RendererOptions;
  /** Default none. */
  readonly encoders?: Encoders;
  /** The longest that a bill may take, in ms. After that its thread counts as hung. Default 10,000. */
  readonly timeoutMs?: number;
  /** The longest that the start of the threads may take. Default 30,000. */
  readonly startTimeoutMs?: number;
  /** JavaScript memory of one thread, in MiB. Default 256. */
  readonly maxHeapMb?: number;
  /** Called with what a person should know about the templates, although they work. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /**
   * Called if values name a key that is missing: once for all bills of a batch. If it could get new keys, it
   * calls `setKeys` and answers true, and those bills are rendered again.
   */
  readonly onMissingKey?: (() => Promise<boolean>) | undefined;
  /** The module of a thread, for tests. */
  readonly threadUrl?: URL;
}

/** Threads that open, mask and print bills. */
export interface RenderPool {
  /**
   * Renders bills and encodes them for the provider of their route. The results are in the order of the
   * bills. The caller bounds how many it asks for at a time.
   * @throws BillcastError RENDER_POOL_FAILED, only if the threads cannot work at all, or after `stop`
   */
  render(route: RouteName, bills: readonly UnrenderedBill[]): Promise<RenderOutcome[]>;
  /**
   * Renders a bill that `render` called a suspect, alone and beside the others.
   * @throws BillcastError as `render`
   */
  renderSuspect(route: RouteName, bill: UnrenderedBill): Promise<RenderedBill | EncodedBill>;
  /** From the next batch on, values are opened with these keys, the current one first. */
  setKeys(keys: readonly CipherKey[]): void;
  /** The number of suspects that are not rendered yet. */
  readonly suspects: number;
  /**
   * Finishes what was begun, then ends the threads. May be called twice, and is complete when it resolves.
   */
  stop(): Promise<void>;
}

/**
 * Starts the threads and renders the sample bill on each.
 * @throws BillcastError TEMPLATE_INVALID, CIPHER_FAILED or RENDER_POOL_FAILED; no thread is left then
 */
export async function createRenderPool(settings: RenderPoolOptions): Promise<RenderPool> {
  const { templates: sources, ciphers, ...modelOptions } = settings.renderer;
  // Opened here only to find wrong settings before threads are started.
  await openFieldCiphers(ciphers);
  const { templates, warning } = await compile(sources, modelOptions).catch(unusable);
  if (warning !== undefined) settings.onWarning?.(warning);
  const encoders = settings.encoders ?? {};
  const timeoutMs = settings.timeoutMs ?? 10_000;
  const keys = new RotatingKeys();
  const threadsSettings: ThreadsOptions = {
    keys,
    threads: settings.threads,
    thread: { templates, ciphers, model: modelOptions, encoders, program: readProductVersion() },
    threadUrl: settings.threadUrl ?? new URL('./renderThread.ts', import.meta.url),
    billMs: Math.ceil(timeoutMs * shareInBatch),
    startTimeoutMs: settings.startTimeoutMs ?? 30_000,
    maxHeapMb: settings.maxHeapMb ?? 256,
  };
  const threads = createRenderThreads(threadsSettings);
  try {
    await threads.warmUp();
  } catch (error) {
    await threads.destroy();
    if (error instanceof BillcastError) throw error;
    throw new BillcastError('RENDER_POOL_FAILED', 'The render threads do not start', { cause: error });
  }
  const suspects = createSuspects(() =>
    createRenderThreads({ ...threadsSettings, threads: 1, billMs: timeoutMs }),
  );
  return runningPool({ threads, suspects, keys, onMissingKey: settings.onMissingKey });
}

async function compile(set: TemplateSet, options: ModelOptions) {
  const model = await createBillModel(options);
  const templates = await compileInThread(set, model.sampleViews());
  const writePdf = await loadWritePdf(options.pdf);
  return { templates, warning: templateWarning({ templates, model, writePdf, ...options }) };
}

function unusable(cause: unknown): never {
  if (cause instanceof BillcastError) throw cause;
  throw new BillcastError('RENDER_POOL_FAILED', 'Bills cannot be written with these settings', { cause });
}

/**
 * In a batch, where others wait for it, a bill gets this share of its time limit. If it takes longer, it is
 * rendered alone with the whole limit.
 */
const shareInBatch = 0.25;

interface PoolParts extends Pick<RenderPoolOptions, 'onMissingKey'> {
  readonly threads: RenderThreads;
  readonly suspects: Suspects;
  readonly keys: RotatingKeys;
}

function runningPool({ threads, suspects, keys, onMissingKey }: PoolParts): RenderPool {
  const atWork = new Set<Promise<unknown>>();
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.allSettled(atWork);
    await Promise.all([threads.destroy(), suspects.destroy()]);
  };
  const unlessStopped = <T>(run: () => Promise<T>): Promise<T> => {
    if (stopped !== undefined) {
      return Promise.reject(new BillcastError('RENDER_POOL_FAILED', 'The render pool is stopped'));
    }
    const working = run().finally(() => atWork.delete(working));
    atWork.add(working);
    return working;
  };
  return {
    render: (route, bills) =>
      unlessStopped(() => renderTwice((part) => renderAll(threads, route, part), bills, onMissingKey)),
    setKeys: (later) => keys.set(later),
    renderSuspect: (route, bill) => unlessStopped(() => suspects.render(route, bill)),
    get suspects() {
      return suspects.count;
    },
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
}

/** Renders bills again whose key was missing, if there are new keys now. */
async function renderTwice(
  render: (part: readonly UnrenderedBill[]) => Promise<RenderOutcome[]>,
  bills: readonly UnrenderedBill[],
  onMissingKey: RenderPoolOptions['onMissingKey'],
): Promise<RenderOutcome[]> {
  const rendered = await render(bills);
  if (onMissingKey === undefined || !rendered.some(isKeyMissing) || !(await onMissingKey())) return rendered;
  const again = await render(bills.filter((_, index) => isKeyMissing(rendered[index])));
  return rendered.map((outcome) => (isKeyMissing(outcome) ? (again.shift() ?? outcome) : outcome));
}

function isKeyMissing(outcome: RenderOutcome | undefined): boolean {
  return outcome?.kind === 'unpreparable' && outcome.isKeyMissing === true;
}
