import { finishRunRow } from '../../db/runs/runChanges.ts';
import { isAnythingFlowing, readRunEnds } from '../../db/runs/runEnds.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';

/**
 * A run is done when all of its bills have ended or wait for a person. Nobody counts that on the way of a
 * bill, so a row per bill is read, now and then.
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
  if (await finishRunRow(database, seen, run.released)) log.info({ run: run.id, ...ends }, 'run is done');
}

const shortestWaitMs = 1_000;
/** Looks may take a fiftieth of the time of one connection. */
const restPerLook = 50;

/** When there may be another look. @param askedMs when this one began */
export function waitAfterLook(askedMs: number): number {
  const now = performance.now();
  return now + Math.max(shortestWaitMs, (now - askedMs) * restPerLook);
}

/** A command that publishes writes into the run with each of its steps. */
const publisherGoneMs = 10_000;
/** Even if other bills flow all the time. */
const longestWithoutLookMs = 600_000;

/** A run that was published at once is only watched for its end, when nothing else is going on. */
export async function endPublished(deps: KeeperDeps, kept: KeptRun): Promise<void> {
  const { run, memory } = kept;
  if (run.changedMsAgo < publisherGoneMs || performance.now() < memory.nextLookMs) return;
  if (run.changedMsAgo < longestWithoutLookMs && (await isAnythingFlowing(deps.database))) {
    memory.nextLookMs = performance.now() + publisherGoneMs;
    return;
  }
  await endIfEnded(deps, kept);
}
