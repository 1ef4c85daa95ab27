import { BillcastError } from '../errors.ts';
import type { RouteName } from '../providers/providerShares.ts';
import { type RenderedBill, unpreparable } from '../render/bill/renderedBill.ts';
import type { EncodedBill, UnrenderedBill } from './messages.ts';
import type { RenderThreads } from './threads.ts';
import { unpack } from './unpack.ts';

/** Renders suspects, one at a time, on a separate thread, so that no other bill waits for them. */
export interface Suspects {
  /** The number of suspects that are not rendered yet. */
  readonly count: number;
  /**
   * The result is `RENDER_CRASHED` if a thread dies at the bill again.
   * @throws BillcastError RENDER_POOL_FAILED if the thread cannot work at all
   */
  render(route: RouteName, bill: UnrenderedBill): Promise<RenderedBill | EncodedBill>;
  destroy(): Promise<void>;
}

/** @param createThreads called with the first suspect: most dispatchers never have one */
export function createSuspects(createThreads: () => RenderThreads): Suspects {
  let threads: RenderThreads | undefined;
  let count = 0;
  return {
    get count() {
      return count;
    },
    async render(route, bill) {
      threads ??= createThreads();
      count++;
      try {
        return await renderAlone(threads, route, bill);
      } finally {
        count--;
      }
    },
    async destroy() {
      await threads?.destroy();
    },
  };
}

/**
 * Renders one bill alone, after the thread has shown that it works: a machine that is out of memory or stands
 * still must not make a bill fail for good.
 */
async function renderAlone(
  threads: RenderThreads,
  route: RouteName,
  bill: UnrenderedBill,
): Promise<RenderedBill | EncodedBill> {
  await threads.check().catch((error) => {
    throw new BillcastError('RENDER_POOL_FAILED', 'The render threads cannot render anything', {
      cause: error,
    });
  });
  const outcome = await threads.run(route, [bill]);
  if (outcome.kind === 'crashed') {
    return unpreparable('RENDER_CRASHED', `the render threads die of it: ${outcome.why}`);
  }
  const [rendered] = unpack(outcome, threads);
  return rendered ?? unpreparable('RENDER_CRASHED', 'the thread gave no result');
}
