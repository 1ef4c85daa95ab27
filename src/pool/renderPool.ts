import type { Channel } from '../bill.ts';
import { BillcastError } from '../errors.ts';
import type { BillRules } from '../render/billRules.ts';
import { type CipherSettings, createFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { RenderedBill } from '../render/renderedBill.ts';
import { forecastSms, smsWarning } from '../render/smsForecast.ts';
import type { TemplateSources } from '../render/templates.ts';
import { compileInThread } from './compileInThread.ts';
import { renderAll } from './renderAll.ts';
import { createRenderThreads, type RenderThreads } from './threads.ts';

export type { RenderedBill } from '../render/renderedBill.ts';

/** Everything that bills are rendered from. */
export interface RendererSettings {
  /** The text of the files of templates, see `readTemplates`. */
  readonly templates: TemplateSources;
  readonly ciphers: CipherSettings;
  /** `TIME_ZONE`, an IANA name. */
  readonly timeZone: string;
  /** Default `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
}

export interface RenderPoolSettings {
  /** `POOL_THREADS` */
  readonly threads: number;
  readonly renderer: RendererSettings;
  /** The longest that a thread may be at one batch; after it, it counts as hung. Default 10,000. */
  readonly timeoutMs?: number;
  /** The longest that the start of the threads may take. Default 30,000. */
  readonly startTimeoutMs?: number;
  /** JavaScript memory of one thread, in MiB. Default 256. */
  readonly maxHeapMb?: number;
  /** Told what a person should know of the templates; they work all the same. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** The module of a thread, for tests. */
  readonly threadUrl?: URL;
}

/** Threads that open, mask and print bills. */
export interface RenderPool {
  /**
   * Renders bills, each given as the database's text of it (see `parseLoadedBill`); the results stand in their order.
   * How many are asked for at once is bounded by the caller. Rejects with `RENDER_POOL_FAILED` only if the
   * threads cannot work at all, or after `stop`.
   */
  render(channel: Channel, bills: readonly string[]): Promise<RenderedBill[]>;
  /** Lets what was begun end, then the threads; may be called twice, and is complete when it returns. */
  stop(): Promise<void>;
}

/**
 * Starts the threads and renders the sample bill on each.
 *
 * Throws `TEMPLATE_INVALID`, `CIPHER_FAILED` or `RENDER_POOL_FAILED`; no thread is left then.
 */
export const createRenderPool = async (settings: RenderPoolSettings): Promise<RenderPool> => {
  const { templates: sources, ciphers, timeZone, rules } = settings.renderer;
  // Only to find wrong settings before anything is started.
  createFieldCiphers(ciphers);
  const templates = await compileInThread(sources);
  const warning = smsWarning(forecastSms(templates));
  if (warning !== undefined) settings.onWarning?.(warning);
  const threads = createRenderThreads({
    threads: settings.threads,
    thread: { templates, ciphers, timeZone, rules },
    threadUrl: settings.threadUrl ?? new URL('./renderThread.ts', import.meta.url),
    timeoutMs: settings.timeoutMs ?? 10_000,
    startTimeoutMs: settings.startTimeoutMs ?? 30_000,
    maxHeapMb: settings.maxHeapMb ?? 256,
  });
  try {
    await threads.warmUp();
  } catch (error) {
    await threads.destroy();
    if (error instanceof BillcastError) throw error;
    throw new BillcastError('RENDER_POOL_FAILED', 'The render threads do not start', { cause: error });
  }
  return runningPool(threads);
};

const runningPool = (threads: RenderThreads): RenderPool => {
  const atWork = new Set<Promise<RenderedBill[]>>();
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.allSettled(atWork);
    await threads.destroy();
  };
  return {
    render: (channel, bills) => {
      if (stopped !== undefined) {
        return Promise.reject(new BillcastError('RENDER_POOL_FAILED', 'The render pool is stopped'));
      }
      const rendered = renderAll(threads, channel, bills).finally(() => atWork.delete(rendered));
      atWork.add(rendered);
      return rendered;
    },
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };
};
