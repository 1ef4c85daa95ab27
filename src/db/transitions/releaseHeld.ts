import type { BillId } from '../../bill.ts';
import type { Ladder } from '../../ladder.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { beforeAllBills, plainArray, queryCount } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { billsPerWindow } from '../windows.ts';
import { listedChannel } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** Which held bills are released. */
export interface ReleaseOptions {
  readonly order: Ladder['order'];
  /** First day of the billing month as `YYYY-MM-DD`; all months if it is missing. */
  readonly month?: string | undefined;
  /**
   * Their events go out from this time on. If missing, from the time that the billing batch wrote into the
   * row.
   */
  readonly notBefore?: Date | undefined;
  /** The number of the run that releases them; none if missing. */
  readonly run?: number | undefined;
}

/**
 * Releases held bills in the order of their ids; the relay then publishes them. Each call continues behind
 * the last bill, so that no call reads released bills again.
 */
export interface Release {
  /**
   * @returns how many were released, at most `limit`. If fewer, the end was reached, and the next call begins
   * again
   */
  next(limit: number): Promise<number>;
}

/** Bills of all months, by the index of held bills. */
const allHeld = `
      select n.bill_id from bill_notification n
      where n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.bill_id > $4::bigint
      order by n.bill_id
      limit $5
      for update of n skip locked`;

/**
 * Bills of one month. They are read by the month, since the index of held bills has those of all other months
 * too.
 */
const lookedAt = `(
        select b.bill_id from source_bills b where b.billing_month = $6::date and b.bill_id > $4::bigint
        order by b.bill_id limit $7
      ) looked`;

/** At most a window of the month is looked at, since most of it may be released already. */
const heldOfMonth = `
      select held_bill.bill_id
      from ${lookedAt} cross join lateral (
        select n.bill_id from bill_notification n
        where n.bill_id = looked.bill_id and n.publish_status = 'HELD' and n.send_status = 'PENDING'
        for update of n skip locked
      ) held_bill
      limit $5`;

export const release = {
  name: 'releaseHeld',
  event: 'a person: publish; the keeper of a run',
  by: ['person', 'dispatcher'],
  from: ['PENDING'],
  ifRow: 'held',
  to: 'PENDING',
  andRow: 'event owed',
  token: 'none',
  set: `not_before = coalesce($1::timestamptz, n.not_before), ${listedChannel('$2::text[]')}, run = $3::integer`,
} as const satisfies Transition;

/** The run counts what it releases in the statement that releases it. */
const countedRelease = `progressed as (
      update run set released = released + (select count(*) from moved), changed_at = now()
      where number = $3::integer and number <> 0 and exists (select from moved)
    )`;
const besideRelease = [countedMove('moved', { held: -1, owed: 1 }), countedRelease];

/**
 * @param through the bill behind which to continue, if fewer than asked for were held; null: there are no
 * more
 */
function statementOf(name: string, held: string, through: string): Statement {
  return transitionStatement(release, {
    name,
    ctes: `held as (${held}
    )`,
    rows: 'held',
    beside: besideRelease,
    select: `select m.bills, case when m.bills < $5::int then ${through} else m.last end
    from (select count(*)::int as bills, max(bill_id) as last from moved) m`,
  });
}

/** Named bills. Locks are waited for, since each of these bills is meant. */
const heldOfIds = `
      select n.bill_id from bill_notification n
      where n.bill_id = any($4::bigint[]) and n.publish_status = 'HELD' and n.send_status = 'PENDING'
      order by n.bill_id
      for update of n`;

const releaseAll = statementOf('release-held', allHeld, 'null');
const behindWindow = `(select max(bill_id) from ${lookedAt})`;
const releaseMonth = statementOf('release-held-of-month', heldOfMonth, behindWindow);

const releaseIds = transitionStatement(release, {
  name: 'release-held-by-id',
  ctes: `held as (${heldOfIds}
    )`,
  rows: 'held',
  beside: besideRelease,
  select: 'select count(*)::int from moved',
});

/** Releases those of these bills that are held; returns how many were. */
export async function releaseNamed(
  database: Database,
  { billIds, ...how }: Omit<ReleaseOptions, 'month'> & { readonly billIds: readonly BillId[] },
): Promise<number> {
  return queryCount(database, releaseIds, [...valuesOf(how), plainArray(billIds)]);
}

export function createRelease(
  database: Database,
  { month, window = billsPerWindow, ...how }: ReleaseOptions & { readonly window?: number },
): Release {
  const [statement, which] =
    month === undefined ? ([releaseAll, []] as const) : ([releaseMonth, [month, window]] as const);
  let after: string = beforeAllBills;
  return {
    async next(limit) {
      for (let total = 0; ; ) {
        const values = [...valuesOf(how), after, limit - total, ...which];
        const [row] = await database.query<[number, BillId | null]>(statement, values);
        const [count, through]: [number, BillId | null] = row ?? [0, null];
        total += count;
        after = through ?? beforeAllBills;
        if (through === null || total >= limit) return total;
      }
    },
  };
}

function valuesOf({ notBefore, order, run }: Omit<ReleaseOptions, 'month'>): unknown[] {
  return [notBefore ?? null, order, run ?? 0];
}
