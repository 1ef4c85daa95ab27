import type { RouteName } from '../providers/providerShares.ts';
import type { RenderedBill } from '../render/bill/renderedBill.ts';
import { type EncodedBill, notBegun, type UnrenderedBill } from './messages.ts';
import type { RenderThreads } from './threads.ts';
import { unpack } from './unpack.ts';

/**
 * A bill at which a thread died or hung: perhaps the bill is the cause. It is tried alone, see `suspects.ts`.
 */
export interface Suspect {
  readonly kind: 'suspect';
}

export type RenderOutcome = RenderedBill | EncodedBill | Suspect;

/**
 * Renders a batch, whatever its bills do to the threads.
 *
 * A thread that dies or hangs takes its task with it, but it has noted which bill it was at. That bill is a
 * suspect. Those before it were fine a moment ago and are rendered again, those behind it are rendered for
 * the first time. So each bill is rendered twice at most, however many suspects there are. If there is no
 * such note, the batch is halved.
 */
export async function renderAll(
  threads: RenderThreads,
  route: RouteName,
  bills: readonly UnrenderedBill[],
): Promise<RenderOutcome[]> {
  if (bills.length === 0) return [];
  if (bills.length > 1 && charactersOf(bills) > maxTaskCharacters) {
    return renderParts(threads, route, halvesOf(bills));
  }
  const outcome = await threads.run(route, bills);
  if (outcome.kind === 'rendered') return unpack(outcome, threads);
  if (bills.length === 1) return [suspect];
  const { at } = outcome;
  if (at === notBegun || at >= bills.length) return renderParts(threads, route, halvesOf(bills));
  const [before, behind] = await Promise.all([
    renderAll(threads, route, bills.slice(0, at)),
    renderAll(threads, route, bills.slice(at + 1)),
  ]);
  return [...before, suspect, ...behind];
}

const suspect: Suspect = { kind: 'suspect' };

// 32 MB in a thread's memory. If a thread had no room for its task, the whole process would end.
const maxTaskCharacters = 16_000_000;

function charactersOf(bills: readonly UnrenderedBill[]): number {
  return bills.reduce((sum, { text }) => sum + text.length, 0);
}

function halvesOf(bills: readonly UnrenderedBill[]): (readonly UnrenderedBill[])[] {
  const half = bills.length >> 1;
  return [bills.slice(0, half), bills.slice(half)];
}

async function renderParts(
  threads: RenderThreads,
  route: RouteName,
  parts: readonly (readonly UnrenderedBill[])[],
): Promise<RenderOutcome[]> {
  const rendered = await Promise.all(parts.map((part) => renderAll(threads, route, part)));
  return rendered.flat();
}
