import { finishRunRow } from '../../db/runs/runChanges.ts';
import { isAnythingFlowing, readRunEnds } from '../../db/runs/runEnds.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';

/**
 * A run is done when all of its bills have ended or wait for a person. The path of a bill does not count
 * that, so now and then a row per bill is read.
 */
export async function endIfEnded(
  { database, log, actor }: KeeperDeps,
  { run, memory }: KeptRun,
): Promise<void> {
  const askedMs = performance.now();
  if (askedMs < memory.nextLookMs) return;
  const { open, ...ends } = await readRunEnds(database, run.number, memory.plan.selection);
  memory.nextLookMs = waitAfterLook(askedMs);
  if (open > 0) return;
  const seen = {
    number: run.number,
    seenHash: run.planHash,
    actor,
    facts: { released: run.released, ...ends },
  };
  const isDone = await finishRunRow(database, seen, { released: run.released });
  if (isDone) log.info({ run: run.id, ...ends }, 'run is done');
}

const shortestWaitMs = 1_000;
/** Looks may take a fiftieth of the time of one connection. */
const restPerLook = 50;

/** When the next look may begin. @param askedMs when this one began */
export function waitAfterLook(askedMs: number): number {
  const now = performance.now();
  return now + Math.max(shortestWaitMs, (now - askedMs) * restPerLook);
}

/** A command that publishes updates its run at each step. After so long without an update it is gone. */
const publisherGoneMs = 10_000;
/** After so long a run is looked at even while other bills are sent. */
const longestWithoutLookMs = 600_000;

/** Watches a published run for its end only, and only while nothing else is going on. */
export async function endPublished(deps: KeeperDeps, kept: KeptRun): Promise<void> {
  const { run, memory } = kept;
  if (run.changedMsAgo < publisherGoneMs || performance.now() < memory.nextLookMs) return;
  if (run.changedMsAgo < longestWithoutLookMs && (await isAnythingFlowing(deps.database))) {
    memory.nextLookMs = performance.now() + publisherGoneMs;
    return;
  }
  await endIfEnded(deps, kept);
}
