import type { Proposal } from '../../runs/proposal.ts';
import type { RunKind, RunState } from '../../runs/runState.ts';
import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

const replacing = 'on conflict (run) do update set facts = excluded.facts, changed_at = now()';

const keep = {
  name: 'keep-rehearsal',
  text: `insert into rehearsal (run, facts) values ($1, $2::jsonb) ${replacing}`,
};

/** @param run the run's number */
export async function keepRehearsal(database: Database, run: number, facts: object): Promise<void> {
  await database.query(keep, [run, JSON.stringify(facts)]);
}

/**
 * Stores how a rehearsal ended per row of `from`, which has the `number` of a run, as the common table
 * expression `ended`. Nothing is stored if `facts` is null.
 */
export function endRehearsal(from: string, facts: string): string {
  return `ended as (
      insert into rehearsal (run, facts) select ${from}.number, ${facts} from ${from} where ${facts} is not null
      ${replacing}
    )`;
}

/** A run, and how far its rehearsal has come, at one moment. */
export interface RehearsedRun {
  readonly kind: RunKind;
  readonly state: RunState;
  readonly bills: Proposal['bills'];
  /** Undefined if nobody has begun it. */
  readonly rehearsal:
    | {
        /** The facts that were given to `keepRehearsal`. */
        readonly facts: unknown;
        readonly changedAt: Date;
        /** How long ago they were written, by the database's clock. */
        readonly changedMsAgo: number;
      }
    | undefined;
}

/** One statement, since the parts would contradict each other if the rehearsal ended between two. */
const find = {
  name: 'find-rehearsal',
  text: `
    select r.kind, r.state, (r.proposal->>'bills')::integer, h.facts, h.changed_at, ${msSince('h.changed_at')}
    from run r left join rehearsal h on h.run = r.number
    where r.id = $1 and r.number <> 0`,
};

/** Undefined if there is no such run. */
export async function findRehearsedRun(database: Database, id: string): Promise<RehearsedRun | undefined> {
  type Columns = [RunKind, RunState, number | null, unknown, Date | null, number];
  const [row] = await database.query<Columns>(find, [id]);
  if (row === undefined) return undefined;
  const [kind, state, bills, facts, changedAt, changedMsAgo] = row;
  return {
    kind,
    state,
    bills,
    rehearsal: changedAt === null ? undefined : { facts, changedAt, changedMsAgo },
  };
}
