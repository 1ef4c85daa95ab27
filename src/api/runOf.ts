import type { PlannedRun } from '../db/runs/runChanges.ts';
import type { Run } from '../db/runs/runRows.ts';
import type { ForecastFacts } from '../operations/forecast/forecast.ts';
import type { RunFacts } from '../operations/runs/readRuns.ts';
import type { Plan } from '../runs/plan.ts';
import type { RunAnswer, RunDraft, RunWithEvents } from './contract/runsContract.ts';
import type { Told } from './contract/toldContract.ts';
import { toldOf } from './told/toldOf.ts';

const billsShown = 20;

/** A run in the form of the contract. */
export function runOf(run: Run): RunAnswer {
  const { number: _, through: _through, id, plan, proposal, hold, ...rest } = run;
  return {
    ...rest,
    ...planOf(plan),
    runId: id,
    proposal: proposal === null ? null : proposalOf(proposal),
    hold: hold && { ...hold, detailTold: toldOfHold(hold), since: textOf(hold.since) },
    requestedAt: run.requestedAt.toISOString(),
    approvedAt: textOf(run.approvedAt),
    startedAt: textOf(run.startedAt),
    canaryAt: textOf(run.canaryAt),
    expectedEnd: textOf(run.expectedEnd),
    changedAt: run.changedAt.toISOString(),
    doneAt: textOf(run.doneAt),
    closedAt: textOf(run.closedAt),
  };
}

/** A run that was just made has no more than this. */
export function runWithEventsOf(
  run: Run,
  { events = [], canary = null }: Partial<Pick<RunFacts, 'events' | 'canary'>> = {},
): RunWithEvents {
  return {
    ...runOf(run),
    canary: canary && { ...canary, gates: canary.gates.map((gate) => ({ ...gate })) },
    forecast: forecastOf(run.proposal),
    events: events.map(({ at, ...event }) => ({
      ...event,
      at: at.toISOString(),
      facts: { ...event.facts },
      told: toldOfEvent({ ...event.facts }),
    })),
  };
}

/** The answer of a dry run. */
export function draftOf({ plan, proposal, planHash, fourEyes }: PlannedRun): RunDraft {
  return {
    ...planOf(plan),
    proposal: proposalOf(proposal),
    forecast: forecastOf(proposal),
    planHash,
    fourEyes,
  };
}

/** The forecast in the proposal, shown beside it: lists of runs leave it out. */
function forecastOf(proposal: Run['proposal']): ForecastFacts | null {
  return (proposal?.forecast as ForecastFacts | undefined) ?? null;
}

/** Without long lists of ids, which nobody reads. */
function planOf(plan: Plan): { plan: Record<string, unknown>; billCount?: number } {
  if (!('billIds' in plan.selection)) return { plan: { ...plan } };
  const { billIds } = plan.selection;
  const selection = { billIds: billIds.slice(0, billsShown) };
  return { plan: { ...plan, selection }, billCount: billIds.length };
}

function proposalOf({ forecast: _, ...proposal }: PlannedRun['proposal']) {
  return {
    ...proposal,
    channels: proposal.channels && { ...proposal.channels },
    overlaps: [...proposal.overlaps],
  };
}

/** A person's reason stays as it is. */
function toldOfHold({ code, detail }: { readonly code: unknown; readonly detail: string | null }): Told {
  return code === 'PERSON' ? [] : toldOf(detail);
}

/** Why, and what would help. */
function toldOfEvent({ code, detail, help }: Readonly<Record<string, unknown>>): Told {
  const helps = [help].flat().filter((text) => typeof text === 'string');
  return [
    ...toldOfHold({ code, detail: typeof detail === 'string' ? detail : null }),
    ...helps.flatMap((text) => toldOf(text)),
  ];
}

function textOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
