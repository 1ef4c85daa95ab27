import type { Database } from '../database.ts';
import type { PlannedRun } from './runChanges.ts';
import { tellRun } from './runEvents.ts';

const plan = {
  name: 'plan-run',
  text: `
    with added as (
      insert into run (id, kind, plan, plan_hash, proposal, four_eyes, requested_by, requested_named)
      values ($1, $2, $3::jsonb, $4, $5::jsonb, $6, $7, $9)
      on conflict (id) do nothing
      returning number
    ), ${tellRun('added', { what: 'created', actor: '$7::text', facts: '$8::jsonb' })}
    select run from told
    union all
    select number from run where id = $1 and plan_hash = $4 and requested_by = $7
    limit 1`,
};

export interface NewRun extends PlannedRun {
  readonly id: string;
  readonly requestedBy: string;
}

/**
 * Adds a draft. Its hash covers the time at which the bills were counted, so if the statement is repeated, it
 * recognizes its own run.
 * @returns its number; undefined if another run has this id
 */
export async function insertPlannedRun(
  database: Database,
  {
    kind,
    ...run
  }: NewRun & {
    readonly kind: 'PLANNED' | 'REHEARSAL';
    /** Whether a token or a sign-in proves who asks. Default: false. */
    readonly requestedNamed?: boolean;
  },
): Promise<number | undefined> {
  const { id, planHash, fourEyes, requestedBy, requestedNamed = false } = run;
  const [row] = await database.query<[number]>(plan, [
    ...[id, kind, JSON.stringify(run.plan), planHash, JSON.stringify(run.proposal), fourEyes, requestedBy],
    ...[JSON.stringify({ planHash }), requestedNamed],
  ]);
  return row?.[0];
}

const publish = {
  name: 'publish-run',
  text: `
    with added as (
      insert into run (id, kind, state, plan, plan_hash, proposal, requested_by, approved_by, approved_at,
        approved_hash, started_by, started_at, phase)
      values ($1, 'PUBLISHED', 'RUNNING', $2::jsonb, $3, $4::jsonb, $5, $5, now(), $3, $5, now(), 'REST')
      on conflict (id) do nothing
      returning number
    ), ${tellRun('added', { what: 'published', actor: '$5::text', facts: "'{}'::jsonb" })}
    select run from told
    union all
    select number from run where id = $1 and plan_hash = $3 and requested_by = $5
    limit 1`,
};

/**
 * Adds a run that its caller releases at once.
 * @returns its number; undefined if another run has this id
 */
export async function insertPublishedRun(
  database: Database,
  { id, plan: planned, planHash, proposal, requestedBy }: Omit<NewRun, 'fourEyes'>,
): Promise<number | undefined> {
  const [row] = await database.query<[number]>(publish, [
    ...[id, JSON.stringify(planned), planHash, JSON.stringify(proposal), requestedBy],
  ]);
  return row?.[0];
}
