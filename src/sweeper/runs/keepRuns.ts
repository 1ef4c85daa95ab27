import { type OpenRun, readOpenRuns } from '../../db/runs/openRuns.ts';
import { findRunRow } from '../../db/runs/runRows.ts';
import { endPublished } from './endIfEnded.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import { releaseRestBills } from './releaseRestBills.ts';
import { type KeptRun, RunMemory } from './runMemory.ts';
import { readSurroundings, type Surroundings } from './runSurroundings.ts';
import { sendSeedsFirst } from './sendSeedsFirst.ts';
import { releaseCanaryBills, watchGates } from './watchCanary.ts';
import { watchDeadline } from './watchDeadline.ts';

/** By the number of the run. */
export type RunMemories = Map<number, RunMemory>;

/**
 * One turn over all open runs. If there is none, it only reads a small table.
 * @throws the first error of a run; the others have had their turn
 */
export async function keepRuns(deps: KeeperDeps, memories: RunMemories): Promise<void> {
  const runs = await readOpenRuns(deps.database);
  forget(memories, runs);
  const errors: unknown[] = [];
  let around: Surroundings | undefined;
  for (const run of runs) {
    try {
      const memory = await remember(deps, memories, run);
      if (memory === undefined) continue;
      if (run.kind === 'PLANNED') around ??= await readSurroundings(deps.database, deps.config);
      await advance(deps, { run, memory }, around);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Forgets runs that are over. Runs that are open at the same time may have the same bills. */
function forget(memories: RunMemories, runs: readonly OpenRun[]): void {
  for (const [number, memory] of memories) {
    if (!runs.some((run) => run.number === number)) memories.delete(number);
    if (runs.length > 1) memory.mayOverlap = true;
  }
}

async function remember(
  { database }: KeeperDeps,
  memories: RunMemories,
  run: OpenRun,
): Promise<RunMemory | undefined> {
  let memory = memories.get(run.number);
  if (memory?.planHash !== run.planHash) {
    const row = await findRunRow(database, run.id);
    if (row === undefined || row.planHash !== run.planHash) return undefined;
    const { plan, planHash, proposal } = row;
    memory = new RunMemory({
      plan,
      planHash,
      proposal,
      asOf: proposal?.asOf ?? row.requestedAt.toISOString(),
    });
    memories.set(run.number, memory);
  }
  // A pause and resume between two turns shows in the time of the last resume.
  if (run.state === 'PAUSED' || run.lastResume !== memory.lastResume) {
    memory.judgedIn = undefined;
    memory.runningSince = undefined;
  }
  memory.lastResume = run.lastResume;
  if (run.state === 'RUNNING') memory.runningSince ??= run.now;
  return memory;
}

async function advance(deps: KeeperDeps, kept: KeptRun, around: Surroundings | undefined): Promise<void> {
  const { run } = kept;
  if (run.kind === 'PUBLISHED' && run.state === 'RUNNING') await endPublished(deps, kept);
  if (run.kind !== 'PLANNED' || around === undefined) return;
  if (run.state === 'RUNNING' && (await sendSeedsFirst(deps, kept))) await release(deps, kept, around);
  await watchDeadline(deps, kept, around);
}

function release(deps: KeeperDeps, kept: KeptRun, around: Surroundings): Promise<void> {
  const { phase } = kept.run;
  switch (phase) {
    case 'CANARY':
      return releaseCanaryBills(deps, kept, around);
    case 'GATE':
      return watchGates(deps, kept, around);
    case 'REST':
      return releaseRestBills(deps, kept, around);
    default:
      return phase satisfies never;
  }
}
