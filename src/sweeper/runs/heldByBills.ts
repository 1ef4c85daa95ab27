import { usualCurrency } from '../../config/billModelConfig.ts';
import { countSelected } from '../../db/runs/proposalCounts.ts';
import { judgeProposal, whatChanged } from '../../runs/proposal.ts';
import { holdRun, type KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';

/**
 * Holds the run if its bills are no longer the approved ones: somebody may change amounts after the start,
 * while a canary is judged or a run is paused. Checked once before the first release of a phase, and again
 * after each pause, since it reads a row per bill.
 * @returns whether the run is held
 */
export async function heldByBills(deps: KeeperDeps, kept: KeptRun): Promise<boolean> {
  const { run, memory } = kept;
  const { proposal, selection } = memory;
  if (proposal?.fingerprint === undefined || memory.judgedIn === run.phase) return false;
  const now = await countSelected(deps.database, selection, {
    asOf: proposal.asOf,
    hasAmounts: deps.config.source.amounts !== undefined,
    usualCurrency: deps.config.billModel.currency ?? usualCurrency,
    run: run.number,
  });
  const changed = whatChanged(proposal, judgeProposal(proposal, now));
  if (changed === undefined) {
    memory.judgedIn = run.phase;
    return false;
  }
  const detail =
    `its bills are not those that were approved: ${changed}. Put them back and resume, or close this run and plan ` +
    'another for the bills that are left';
  await holdRun(deps, kept, { code: 'BILLS_CHANGED', detail });
  return true;
}
