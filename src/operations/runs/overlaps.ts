import type { Database } from '../../db/database.ts';
import { countOverlap } from '../../db/runs/proposalCounts.ts';
import { listRunRows } from '../../db/runs/runRows.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { RunState } from '../../runs/runState.ts';

/** A run that may still release some of the bills. */
export interface Overlap {
  readonly run: string;
  readonly state: RunState;
  /** How many held bills both runs name. */
  readonly bills: number;
}

const openStates = ['DRAFT', 'APPROVED', 'RUNNING', 'PAUSED'] as const;
/** Nobody plans more runs at the same time. */
const mostOpenRuns = 50;

/** Planned runs that name held bills of this selection, newest first. */
export async function findOverlaps(
  database: Database,
  selection: PlannedSelection,
  except?: string,
): Promise<Overlap[]> {
  const open = await listRunRows(database, { states: openStates, limit: mostOpenRuns });
  const overlaps: Overlap[] = [];
  for (const { id, kind, state, plan, proposal } of open) {
    if (kind !== 'PLANNED' || id === except || 'all' in plan.selection) continue;
    const bills = await countOverlap(database, [selection, plan.selection], proposal?.asOf ?? null);
    if (bills > 0) overlaps.push({ run: id, state, bills });
  }
  return overlaps;
}
