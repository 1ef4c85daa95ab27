import type { Plan } from '../../runs/plan.ts';
import type { Proposal } from '../../runs/proposal.ts';
import { type RunPhase, type RunState, runVerbs } from '../../runs/runState.ts';
import type { Database } from '../database.ts';
import type { Statement } from '../statement.ts';
import { endRehearsal } from './rehearsals.ts';
import { tellRun } from './runEvents.ts';

/** Who changes a run, and which state they have seen. */
export interface RunChange {
  readonly number: number;
  /** The hash of the plan that they have seen: if the run has another plan now, nothing changes. */
  readonly seenHash: string;
  readonly actor: string;
  /** Stored with the event. */
  readonly facts?: object | undefined;
}

interface ChangeShape {
  readonly name: string;
  readonly from: readonly RunState[];
  readonly to: RunState;
  /** The event's name. */
  readonly what: string;
  /** The columns that this change sets; `$1` to `$4` are taken. */
  readonly set: string;
  readonly fence?: string;
  /** The number of the value that tells how a rehearsal ended. */
  readonly rehearsal?: number;
}

/**
 * Makes the statement of a change. Its WHERE checks that the change is allowed, and it inserts the event too.
 * If it is repeated after a lost answer, it finds its own event.
 */
function changing({ name, from, to, what, set, fence, rehearsal }: ChangeShape): Statement {
  const states = from.map((state) => `'${state}'`).join(', ');
  return {
    name,
    text: `
    with changed as (
      update run r
      set previous_state = r.state, state = '${to}', ${set}, changed_at = now()
      where r.number = $1 and r.plan_hash = $2 and r.state in (${states})${fence === undefined ? '' : ` and ${fence}`}
      returning r.number
    ), ${tellRun('changed', { what, actor: '$3::text', facts: '$4::jsonb' })}${
      rehearsal === undefined ? '' : `, ${endRehearsal('changed', `$${rehearsal}::jsonb`)}`
    }
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

/** What a person plans. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly planHash: string;
  readonly proposal: Proposal;
  readonly fourEyes: boolean;
}

/** Replaces the plan; an approval becomes void. @returns whether it did */
export function changeRunRow(
  database: Database,
  seen: RunChange,
  next: PlannedRun & { readonly requestedNamed?: boolean },
): Promise<boolean> {
  const { plan, planHash, proposal, fourEyes, requestedNamed = false } = next;
  const values = [JSON.stringify(plan), planHash, JSON.stringify(proposal), fourEyes, requestedNamed];
  return make(database, change, { change: seen, values });
}

/** Compares names of persons; `ann` and `Ann` are the same. */
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
  /** Whether the person who asked must have proved who they are. */
  readonly bothNamed: boolean;
}

/** @returns whether it did; with four eyes never for the person who asked */
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

/** @returns whether it did; if it takes four eyes, never without another person's approval */
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
  rehearsal: 8,
});

/** How the work on a rehearsal ended, stored with the change of its run. */
export interface RehearsalEnded {
  readonly rehearsal?: object | undefined;
}

export interface RunPause extends RehearsalEnded {
  readonly code: string;
  readonly detail: string;
  /** The phase that it must still be in; if missing, any. */
  readonly phase?: RunPhase | undefined;
}

/** Pauses a run, for the keeper or for a person. @returns whether it did */
export function pauseRunRow(
  database: Database,
  seen: RunChange,
  { code, detail, phase, rehearsal }: RunPause,
): Promise<boolean> {
  const values = [code, detail, phase ?? null, jsonOf(rehearsal)];
  return make(database, pause, { change: seen, values });
}

function jsonOf(facts: object | undefined): string | null {
  return facts === undefined ? null : JSON.stringify(facts);
}

/**
 * If a gate holds the run, a resume overrules it and the rest is released. After any other hold the canary
 * still has to be judged.
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

/** @returns whether it did; with four eyes, the person who asked for the run can never overrule a gate */
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
  rehearsal: 6,
});

export interface RunEnd extends RehearsalEnded {
  /** The number of released bills; if it changes meanwhile, nothing happens. */
  readonly released?: number;
}

/** Ends a run: nothing more of it is released. @returns whether it did */
export function finishRunRow(
  database: Database,
  seen: RunChange,
  { released, rehearsal }: RunEnd = {},
): Promise<boolean> {
  return make(database, finish, { change: seen, values: [released ?? null, jsonOf(rehearsal)] });
}

const close = changing({
  name: 'close-run',
  from: ['DRAFT', 'APPROVED', 'DONE'],
  to: 'CLOSED',
  what: 'closed',
  set: 'closed_by = $3, closed_at = now()',
});

/** Discards a draft, or closes a run that is done. @returns whether it did */
export function closeRunRow(database: Database, seen: RunChange): Promise<boolean> {
  return make(database, close, { change: seen });
}
