import type { Database } from '../database.ts';
import { billsOfMonth } from '../source/billTables.ts';
import { sumOverWindows } from '../windows.ts';

/** Bills of a month that may still be moved, so that the month cannot be closed. */
export interface UnsettledBills {
  readonly held: number;
  readonly pending: number;
  /** SENDING or SENT. */
  readonly underWay: number;
  readonly inDoubt: number;
  /** FAILED with a next cycle to come. */
  readonly retransmissions: number;
  /** FAILED whose dead letter is not acknowledged yet. */
  readonly deadLettersOwed: number;
}

const countUnsettled = {
  name: 'count-unsettled',
  text: `
    with looked as materialized (
      select n.bill_id, n.send_status, n.publish_status, n.retransmit_at
      from ${billsOfMonth('$1')} and b.bill_id > $2::bigint order by b.bill_id limit $3
    )
    select count(*)::int, max(n.bill_id),
           count(*) filter (where n.send_status = 'PENDING' and n.publish_status = 'HELD')::int,
           count(*) filter (where n.send_status = 'PENDING' and n.publish_status <> 'HELD')::int,
           count(*) filter (where n.send_status in ('SENDING', 'SENT'))::int,
           count(*) filter (where n.send_status = 'IN_DOUBT')::int,
           count(*) filter (where n.retransmit_at is not null)::int,
           count(*) filter (where n.send_status = 'FAILED' and n.publish_status <> 'PUBLISHED')::int
    from looked n`,
};

/**
 * Counts the bills that may still be moved, by reading every row of the month.
 * @param month first day of the billing month as `YYYY-MM-DD`
 */
export async function countUnsettledBills(database: Database, month: string): Promise<UnsettledBills> {
  const [held = 0, pending = 0, underWay = 0, inDoubt = 0, retransmissions = 0, deadLettersOwed = 0] =
    await sumOverWindows(database, countUnsettled, [month]);
  return { held, pending, underWay, inDoubt, retransmissions, deadLettersOwed };
}

export type ClosedMonthState = 'closing' | 'closed' | 'purging' | 'purged';

const begin = {
  name: 'begin-closing',
  text: `
    with begun as (
      insert into closed_month (billing_month, closed_by) values ($1::date, $2)
      on conflict (billing_month) do nothing
    )
    select pg_current_xact_id()::text`,
};

/**
 * Decides that nothing more begins in the month. Statements that had begun before may still change it.
 * @returns the transaction of the decision, for `haveEarlierEnded`
 */
export async function beginClosing(
  database: Database,
  { month, actor }: { month: string; actor: string },
): Promise<string> {
  const [row] = await database.query<[string]>(begin, [month, actor]);
  return row?.[0] ?? '0';
}

const earlierEnded = {
  name: 'have-earlier-ended',
  text: `select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8`,
};

/** Whether every transaction that began to write before this one has ended. */
export async function haveEarlierEnded(database: Database, transaction: string): Promise<boolean> {
  const [row] = await database.query<[boolean]>(earlierEnded, [transaction]);
  return row?.[0] ?? false;
}

const finish = {
  name: 'finish-closing',
  text: `update closed_month set state = 'closed' where billing_month = $1::date and state = 'closing'`,
};

/** Makes the month final: its rows may be purged when their retention time is over. */
export async function finishClosing(database: Database, month: string): Promise<void> {
  await database.query(finish, [month]);
}

const reopen = {
  name: 'reopen-month',
  text: `
    delete from closed_month where billing_month = $1::date and state in ('closing', 'closed')
      and not exists (select from signed_report where month = $1::date)
    returning billing_month`,
};

/** Reopens a month; false if it is not closed, is signed off, or its rows are being purged. */
export async function reopenMonth(database: Database, month: string): Promise<boolean> {
  return (await database.query(reopen, [month])).length > 0;
}

const readState = {
  name: 'read-closed-month',
  text: 'select state from closed_month where billing_month = $1::date',
};

/** Undefined for a month that is open. */
export async function readClosedMonth(
  database: Database,
  month: string,
): Promise<ClosedMonthState | undefined> {
  const [row] = await database.query<[ClosedMonthState]>(readState, [month]);
  return row?.[0];
}
