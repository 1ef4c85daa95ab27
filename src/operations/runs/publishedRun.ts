import type { BillId } from '../../bill.ts';
import { hasHeldBills } from '../../db/reads/heldBills.ts';
import { insertPublishedRun } from '../../db/runs/insertRun.ts';
import { readProposalTime } from '../../db/runs/proposalCounts.ts';
import { type Plan, type Selection, usualGates } from '../../runs/plan.ts';
import { planHash } from '../../runs/planHash.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { idsFor, insertUnder } from './planRun.ts';

export interface PublishedRunRequest {
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of a billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  readonly notBefore?: Date | undefined;
  readonly smsShare?: number | undefined;
  /** The person who publishes. */
  readonly actor: string;
}

/**
 * Makes the run of a publish: approved and started by the caller, without a canary. The caller releases its
 * bills.
 * @returns its number; undefined if nothing is held, since such a run would be empty
 */
export async function openPublishedRun(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  request: PublishedRunRequest,
): Promise<number | undefined> {
  if (!(await hasHeldBills(database, request))) return undefined;
  const plan = publishedPlan(request);
  const proposal = {
    asOf: await readProposalTime(database),
    bills: null,
    notHeld: null,
    unknown: null,
    amount: null,
    channels: null,
    overlaps: [],
  };
  const run = { plan, proposal, planHash: planHash(plan, proposal), requestedBy: request.actor };
  const { number } = await insertUnder(idsFor(plan.selection, config), (id) =>
    insertPublishedRun(database, { ...run, id }),
  );
  return number;
}

function publishedPlan({ notBefore, smsShare, ...which }: PublishedRunRequest): Plan {
  return {
    selection: selectionOf(which),
    templates: {},
    windows: [],
    deadline: null,
    pace: null,
    notBefore: notBefore?.toISOString() ?? null,
    expectNext: smsShare ?? null,
    canary: null,
    gates: usualGates,
    seeds: false,
  };
}

function selectionOf({ billIds, month }: Pick<PublishedRunRequest, 'billIds' | 'month'>): Selection {
  if (billIds !== undefined) return { billIds };
  return month === undefined ? { all: true } : { month: month.slice(0, 7) };
}
