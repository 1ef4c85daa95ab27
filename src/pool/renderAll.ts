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
  if (bills.length > 1 && charactersOf(bills) > MAX_TASK_CHARACTERS)
    return renderHalves(threads, channel, bills);
  const outcome = await threads.run(channel, bills);
  if (outcome.kind === 'rendered') return unpack(outcome, threads);
  if (bills.length === 1) return renderSuspect(threads, channel, bills);
  const { at } = outcome;
  if (at === NOT_BEGUN || at >= bills.length) return renderHalves(threads, channel, bills);
  const [suspects, others] = await Promise.all([
    renderAll(threads, channel, bills.slice(at, at + 1)),
    renderAll(threads, channel, bills.toSpliced(at, 1)),
  ]);
  return others.toSpliced(at, 0, ...suspects);
};

// 32 MB in a thread's memory: a message that a thread has no room for ends the whole process.
const MAX_TASK_CHARACTERS = 16_000_000;

const charactersOf = (bills: readonly string[]): number => bills.reduce((sum, bill) => sum + bill.length, 0);

const renderHalves = async (
  threads: RenderThreads,
  channel: Channel,
  bills: readonly string[],
): Promise<RenderedBill[]> => {
  const half = bills.length >> 1;
  const [front, back] = await Promise.all([
    renderAll(threads, channel, bills.slice(0, half)),
    renderAll(threads, channel, bills.slice(half)),
  ]);
  return [...front, ...back];
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
  if (outcome.kind === 'rendered') return unpack(outcome, threads);
  return [unpreparable('RENDER_CRASHED', `the render threads die of it: ${outcome.why}`)];
};
