import { holdRun, type KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';

/**
 * Sends bills to the seed addresses before the first bill of a run goes out. If none of them could be
 * reached, the run is held once: whoever resumes it goes on without them.
 * @returns whether the run may go on
 */
export async function sendSeedsFirst(deps: KeeperDeps, kept: KeptRun): Promise<boolean> {
  const { run, memory } = kept;
  if (deps.sendSeeds === undefined || !memory.plan.seeds || run.released > 0) return true;
  memory.seeds ??= begin(deps, kept, deps.sendSeeds);
  const { end } = memory.seeds;
  if (end === undefined) return false;
  if (end.kind !== 'failed') return true;
  memory.seeds = undefined;
  await holdRun(deps, kept, { code: 'SEEDS_FAILED', detail: end.why });
  return false;
}

/** A turn of the keeper does not wait for a provider. */
function begin(
  { log }: KeeperDeps,
  { run, memory }: KeptRun,
  sendSeeds: NonNullable<KeeperDeps['sendSeeds']>,
): NonNullable<KeptRun['memory']['seeds']> {
  const seeds: NonNullable<KeptRun['memory']['seeds']> = { end: undefined };
  sendSeeds(run.id).then(
    (end) => {
      seeds.end = end;
    },
    (error: unknown) => {
      log.error({ run: run.id, err: error }, 'seeds cannot be sent, trying again');
      memory.seeds = undefined;
    },
  );
  return seeds;
}
