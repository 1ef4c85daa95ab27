import type { Database } from '../database.ts';

/** An event of a run, and who caused it. */
export interface RunEvent {
  readonly at: Date;
  readonly what: string;
  readonly actor: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Writes an event per row of `from`, which has the `number` of a run, as the common table expression `told`.
 */
export function tellRun(from: string, event: { what: string; actor: string; facts: string }): string {
  return `told as (
      insert into run_event (run, what, actor, facts)
      select ${from}.number, '${event.what}', ${event.actor}, ${event.facts} from ${from}
      returning run
    )`;
}

const read = {
  name: 'read-run-events',
  text: `
    select at, what, actor, facts from (
      select id, at, what, actor, facts from run_event where run = $1 order by id desc limit $2
    ) newest
    order by id`,
};

/** The newest events of one run, in the order in which they happened. */
export async function readRunEvents(database: Database, run: number, limit: number): Promise<RunEvent[]> {
  const rows = await database.query<[Date, string, string, RunEvent['facts']]>(read, [run, limit]);
  return rows.map(([at, what, actor, facts]) => ({ at, what, actor, facts }));
}

const add = {
  name: 'add-run-event',
  text: 'insert into run_event (run, what, actor, facts) values ($1, $2, $3, $4::jsonb)',
};

/**
 * Adds an event that does not change the run's state. If it is repeated after a lost answer, it may be there
 * twice.
 */
export async function addRunEvent(
  database: Database,
  event: Omit<RunEvent, 'at' | 'facts'> & { readonly run: number; readonly facts: object },
): Promise<void> {
  const { run, what, actor, facts } = event;
  await database.query(add, [run, what, actor, JSON.stringify(facts)]);
}

const has = {
  name: 'has-run-event',
  text: 'select exists (select from run_event where run = $1 and what = any($2::text[]))',
};

/** Whether a run has one of these events. */
export async function hasRunEvent(
  database: Database,
  run: number,
  what: readonly string[],
): Promise<boolean> {
  const [row] = await database.query<[boolean]>(has, [run, what]);
  return row?.[0] ?? false;
}
