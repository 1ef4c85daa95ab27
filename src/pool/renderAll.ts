import type { Channel } from '../bill.ts';
import { BillcastError } from '../errors.ts';
import { type RenderedBill, unpreparable } from '../render/renderedBill.ts';
import { NOT_BEGUN } from './messages.ts';
import type { RenderThreads } from './threads.ts';
import { unpack } from './unpack.ts';

/**
 * Renders a batch, whatever its bills do to the threads.
 *
 * A thread that dies or hangs takes the whole batch with it. It has noted which bill it was at: that one is
 * tried again alone, the others together; where the note does not help, the batch is halved. A bill that kills
 * threads alone, too, comes back as `RENDER_CRASHED`. Every step leaves smaller batches, so this ends.
 */
export const renderAll = async (
  threads: RenderThreads,
  channel: Channel,
  bills: readonly string[],
): Promise<RenderedBill[]> => {
  if (bills.length === 0) return [];
  const outcome = await threads.run(channel, bills);
  if (outcome.kind === 'rendered') return unpack(outcome);
  if (bills.length === 1) return renderSuspect(threads, channel, bills);
  const again = (part: readonly string[]): Promise<RenderedBill[]> => renderAll(threads, channel, part);
  const { at } = outcome;
  if (at === NOT_BEGUN || at >= bills.length) {
    const half = bills.length >> 1;
    const [front, back] = await Promise.all([again(bills.slice(0, half)), again(bills.slice(half))]);
    return [...front, ...back];
  }
  const [suspects, others] = await Promise.all([
    again(bills.slice(at, at + 1)),
    again(bills.toSpliced(at, 1)),
  ]);
  return others.toSpliced(at, 0, ...suspects);
};

/**
 * Tries a bill by itself once more, after the threads have shown that they work: a machine out of memory or
 * standing still must not make a bill fail for good.
 */
const renderSuspect = async (
  threads: RenderThreads,
  channel: Channel,
  bill: readonly string[],
): Promise<RenderedBill[]> => {
  await threads.check().catch((error) => {
    throw new BillcastError('RENDER_POOL_FAILED', 'The render threads cannot render anything', {
      cause: error,
    });
  });
  const outcome = await threads.run(channel, bill);
  if (outcome.kind === 'rendered') return unpack(outcome);
  return [unpreparable('RENDER_CRASHED', `the render threads die of it: ${outcome.why}`)];
};
