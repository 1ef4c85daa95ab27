import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { walkWindows } from '../windows.ts';
import { heldSince } from './proposalCounts.ts';
import { tellRun } from './runEvents.ts';

/** The run that its keeper moves on, and what is stored with the event. */
export interface KeptMove {
  readonly run: number;
  readonly actor: string;
  readonly facts?: object | undefined;
}

const withReleased = `$3::jsonb || jsonb_build_object('bills', moved.released)`;

const toGate = {
  name: 'run-to-gate',
  text: `
    with moved as (
      update run r set phase = 'GATE', canary_at = coalesce(r.canary_at, now()), changed_at = now()
      where number = $1 and state = 'RUNNING' and phase = 'CANARY'
        and exists (select from run_canary c where c.run = r.number)
        and not exists (
          select from run_canary c join bill_notification n on n.bill_id = c.bill_id
          where c.run = $1 and n.publish_status = 'HELD' and n.send_status = 'PENDING')
      returning number, released
    ), ${tellRun('moved', { what: 'canaryReleased', actor: '$2::text', facts: withReleased })}
    select run from told`,
};

/** Called when all of the canary is released. @returns whether the run has moved */
export function moveToGate(database: Database, move: KeptMove): Promise<boolean> {
  return moveWith(database, toGate, move);
}

/** @param where the phase that it must be in, and further conditions */
function toRest(name: string, { where, what }: { readonly where: string; readonly what: string }): Statement {
  return {
    name,
    text: `
    with moved as (
      update run r set phase = 'REST', changed_at = now()
      where number = $1 and state = 'RUNNING' and ${where}
      returning number
    ), ${tellRun('moved', { what, actor: '$2::text', facts: '$3::jsonb' })}
    select run from told`,
  };
}

const pastGates = toRest('run-past-gates', { where: `phase = 'GATE'`, what: 'gatesPassed' });

/** Called when the canary is good. @returns whether the run was still waiting for that */
export function movePastGates(database: Database, move: KeptMove): Promise<boolean> {
  return moveWith(database, pastGates, move);
}

const withoutCanary = toRest('run-without-canary', {
  where: `phase = 'CANARY' and not exists (select from run_canary c where c.run = r.number)`,
  what: 'noCanary',
});

/** None of its bills is held any more, so there is no canary. @returns whether the run has moved */
export function moveWithoutCanary(database: Database, move: KeptMove): Promise<boolean> {
  return moveWith(database, withoutCanary, move);
}

async function moveWith(
  database: Database,
  statement: Statement,
  { run, actor, facts = {} }: KeptMove,
): Promise<boolean> {
  return (await database.query(statement, [run, actor, JSON.stringify(facts)])).length > 0;
}

/** Fewer bills than approved are released. */
const mayGoOn = `number = $1 and state = 'RUNNING' and phase = 'REST'
      and released < coalesce((proposal ->> 'bills')::int, released + 1)`;

const mayBeginAgain = { name: 'may-begin-run-again', text: `select number from run where ${mayGoOn}` };

const again = {
  name: 'begin-run-again',
  text: `update run set through = ${beforeAllBills} where ${mayGoOn} returning number`,
};

/**
 * Begins another pass over a run's bills, if the last pass left one behind and fewer than approved are
 * released.
 * @returns whether a pass was begun
 */
export async function beginAgain(database: Database, left: LeftOfRun): Promise<boolean> {
  if ((await database.query(mayBeginAgain, [left.run])).length === 0) return false;
  if (!(await isAnyLeft(database, left))) return false;
  return (await database.query(again, [left.run])).length > 0;
}

interface LeftOfRun {
  readonly run: number;
  readonly selection: PlannedSelection;
  readonly asOf: string;
}

async function isAnyLeft(database: Database, { selection, asOf }: LeftOfRun): Promise<boolean> {
  const { name, rows, id, value } = selectedBills(selection);
  const statement = {
    name: `any-left-of-run-${name}`,
    text: `
    with looked as (
      select n.bill_id, ${heldSince('$2')} as is_held from ${rows} and ${id} > $3::bigint order by ${id} limit $4
    )
    select count(*)::int, max(bill_id), (count(*) filter (where is_held))::int from looked`,
  };
  for await (const [held = 0] of walkWindows(database, statement, [value, asOf])) {
    if (held > 0) return true;
  }
  return false;
}

const tellOnce = {
  name: 'tell-run-once',
  text: `
    insert into run_event (run, what, actor, facts)
    select $1, $4, $2, $3::jsonb
    where not exists (select from run_event where run = $1 and what = $4)
    returning run`,
};

/** Writes an event that a run has at most once. @returns whether this call wrote it */
export async function tellRunOnce(
  database: Database,
  what: string,
  { run, actor, facts = {} }: KeptMove,
): Promise<boolean> {
  return (await database.query(tellOnce, [run, actor, JSON.stringify(facts), what])).length > 0;
}

const expect = {
  name: 'expect-run-end',
  text: `
    update run set expected_end = $2
    where number = $1 and expected_end is distinct from $2::timestamptz and state in ('RUNNING', 'PAUSED')`,
};

/** @param end null if nobody can know */
export async function writeExpectedEnd(database: Database, run: number, end: Date | null): Promise<void> {
  await database.query(expect, [run, end]);
}
