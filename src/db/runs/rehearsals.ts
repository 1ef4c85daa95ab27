import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

/** How far a rehearsal has come. */
export interface KeptRehearsal {
  /** The facts that were given to `keepRehearsal`. */
  readonly facts: unknown;
  readonly changedAt: Date;
  /** How long ago they were written, by the database's clock. */
  readonly changedMsAgo: number;
}

const keep = {
  name: 'keep-rehearsal',
  text: `
    insert into rehearsal (run, facts) values ($1, $2::jsonb)
    on conflict (run) do update set facts = excluded.facts, changed_at = now()`,
};

/** @param run the run's number */
export async function keepRehearsal(database: Database, run: number, facts: object): Promise<void> {
  await database.query(keep, [run, JSON.stringify(facts)]);
}

const find = {
  name: 'find-rehearsal',
  text: `
    select facts, changed_at, ${msSince('changed_at')} from rehearsal where run = $1`,
};

/** Undefined if nobody has begun it. */
export async function findRehearsal(database: Database, run: number): Promise<KeptRehearsal | undefined> {
  const [row] = await database.query<[unknown, Date, number]>(find, [run]);
  if (row === undefined) return undefined;
  const [facts, changedAt, changedMsAgo] = row;
  return { facts, changedAt, changedMsAgo };
}
