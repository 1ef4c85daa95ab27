import type { Plan } from '../../runs/plan.ts';
import type { Proposal } from '../../runs/proposal.ts';
import { type RunPhase, type RunState, runVerbs } from '../../runs/runState.ts';
import type { Database, Statement } from '../database.ts';
import { tellRun } from './runEvents.ts';

/** Who changes which run, as they saw it. */
export interface RunChange {
  readonly number: number;
  /** The plan that they saw: if it is another one now, nothing changes. */
  readonly seenHash: string;
  readonly actor: string;
  /** Kept with the event. */
  readonly facts?: object | undefined;
}

interface ChangeShape {
  readonly name: string;
  readonly from: readonly RunState[];
  readonly to: RunState;
  /** The event's name. */
  readonly what: string;
  /** Its own columns; `$1` to `$4` are taken. */
  readonly set: string;
  readonly fence?: string;
}

/**
 * Every change proves in its WHERE that it is legal, and leaves its event in the same statement. Asked again
 * after a lost answer, it finds its event.
 */
function changing({ name, from, to, what, set, fence }: ChangeShape): Statement {
  const states = from.map((state) => `'${state}'`).join(', ');
  return {
    name,
    text: `
    with changed as (
      update run r
      set previous_state = r.state, state = '${to}', ${set}, changed_at = now()
      where r.number = $1 and r.plan_hash = $2 and r.state in (${states})${fence === undefined ? '' : ` and ${fence}`}
      returning r.number
    ), ${tellRun('changed', { what, actor: '$3::text', facts: '$4::jsonb' })}
    select run from told
    union all
    select last.run from (select * from run_event where run = $1 order by id desc limit 1) last
    where last.what = '${what}' and last.actor = $3 and last.facts = $4::jsonb
    limit 1`,
  };
}

async function make(
  database: Database,
  statement: Statement,
  { change, values = [] }: { readonly change: RunChange; readonly values?: readonly unknown[] },
): Promise<boolean> {
  const { number, seenHash, actor, facts = {} } = change;
  const all = [number, seenHash, actor, JSON.stringify(facts), ...values];
  return (await database.query(statement, all)).length > 0;
}

const change = changing({
  name: 'change-run',
  from: runVerbs.change,
  to: 'DRAFT',
  what: 'changed',
  set: `plan = $5::jsonb, plan_hash = $6, proposal = $7::jsonb, four_eyes = $8, requested_by = $3,
          requested_named = $9, requested_at = now(), approved_by = null, approved_at = null, approved_hash = null`,
});

/** What a person asks for. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly planHash: string;
  readonly proposal: Proposal;
  readonly fourEyes: boolean;
}

/** Puts another plan in its place; an approval is gone. @returns whether it did */
export function changeRunRow(
  database: Database,
  seen: RunChange,
  next: PlannedRun & { readonly requestedNamed?: boolean },
): Promise<boolean> {
  const { plan, planHash, proposal, fourEyes, requestedNamed = false } = next;
  const values = [JSON.stringify(plan), planHash, JSON.stringify(proposal), fourEyes, requestedNamed];
  return make(database, change, { change: seen, values });
}

/** Names of persons, `ann` and `Ann` alike. */
const isAnother = 'lower(r.requested_by) <> lower($3)';

const approve = changing({
  name: 'approve-run',
  from: runVerbs.approve,
  to: 'APPROVED',
  what: 'approved',
  set: 'approved_by = $3, approved_at = now(), approved_hash = r.plan_hash, four_eyes = r.four_eyes or $5::boolean',
  fence: `(not (r.four_eyes or $5::boolean) or ${isAnother}) and (r.requested_named or not $6::boolean)`,
});

export interface ApprovalRules {
  readonly fourEyes: boolean;
  /** Whether the one who asked has to have proved who they are. */
  readonly bothNamed: boolean;
}

/** @returns whether it did: with four eyes never for the one who asked */
export function approveRunRow(
  database: Database,
  seen: RunChange,
  { fourEyes, bothNamed }: ApprovalRules,
): Promise<boolean> {
  return make(database, approve, { change: seen, values: [fourEyes, bothNamed] });
}

const start = changing({
  name: 'start-run',
  from: runVerbs.start,
  to: 'RUNNING',
  what: 'started',
  set: 'started_by = $3, started_at = now(), phase = $5',
  fence: '(r.four_eyes or not $6::boolean)',
});

/** @returns whether it did: never without another's approval, if it takes four eyes */
export function startRunRow(
  database: Database,
  seen: RunChange,
  { phase, fourEyes }: { readonly phase: RunPhase; readonly fourEyes: boolean },
): Promise<boolean> {
  return make(database, start, { change: seen, values: [phase, fourEyes] });
}

const pause = changing({
  name: 'pause-run',
  from: runVerbs.pause,
  to: 'PAUSED',
  what: 'paused',
  set: 'hold = $5, hold_detail = $6, hold_since = now()',
  fence: '($7::text is null or r.phase = $7)',
});

export interface RunPause {
  readonly code: string;
  readonly detail: string;
  /** Only if it is still in this phase; in any if it is missing. */
  readonly phase?: RunPhase | undefined;
}

/** Holds it, for the keeper or for a person. @returns whether it did */
export function pauseRunRow(
  database: Database,
  seen: RunChange,
  { code, detail, phase }: RunPause,
): Promise<boolean> {
  return make(database, pause, { change: seen, values: [code, detail, phase ?? null] });
}

/**
 * Whoever resumes a run that a gate holds lets the rest go, whatever the gate says. After any other hold the
 * canary is still to be judged.
 */
const resume = changing({
  name: 'resume-run',
  from: runVerbs.resume,
  to: 'RUNNING',
  what: 'resumed',
  set: `phase = case when r.phase = 'GATE' and (starts_with(r.hold, 'GATE_') or r.hold = 'CANARY_WAITS')
                  then 'REST' else r.phase end,
          hold = null, hold_detail = null, hold_since = null`,
  fence: `(not $5::boolean or not starts_with(r.hold, 'GATE_') or ${isAnother})`,
});

/** @returns whether it did: with four eyes a gate is never overruled by the one who asked for the run */
export function resumeRunRow(database: Database, seen: RunChange, fourEyes: boolean): Promise<boolean> {
  return make(database, resume, { change: seen, values: [fourEyes] });
}

const finish = changing({
  name: 'finish-run',
  from: ['RUNNING', 'PAUSED'],
  to: 'DONE',
  what: 'done',
  set: 'done_at = now(), hold = null, hold_detail = null, hold_since = null',
  fence: '($5::integer is null or r.released = $5)',
});

/**
 * Nothing more of it is released.
 * @param released bills; if others are released meanwhile, nothing changes
 * @returns whether it did
 */
export function finishRunRow(database: Database, seen: RunChange, released?: number): Promise<boolean> {
  return make(database, finish, { change: seen, values: [released ?? null] });
}

const close = changing({
  name: 'close-run',
  from: ['DRAFT', 'APPROVED', 'DONE'],
  to: 'CLOSED',
  what: 'closed',
  set: 'closed_by = $3, closed_at = now()',
});

/** Throws a draft away, or ends what is done. @returns whether it did */
export function closeRunRow(database: Database, seen: RunChange): Promise<boolean> {
  return make(database, close, { change: seen });
}
