import type { BillId, ClaimToken, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { billIdsOfMonth, isInClosedMonth, isOfMonth } from '../source/billTables.ts';
import { beforeAllBills, plainArray } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { selectDoubts } from './selectDoubts.ts';
import type { Selection, Standing } from './standing.ts';

type StandingColumns = [
  BillId,
  SendStatus,
  Standing['publishStatus'],
  number,
  ClaimToken | null,
  Channel,
  Standing['passed'],
  boolean,
];

const billsAPage = 5_000;
/**
 * A page that only looks for a state or a reason reads rows in the order of the table, and returns few of
 * them.
 */
const rowsAWindow = 20_000;

/**
 * Reads the states of the selected bills, a page at a time and one statement per page: by ids, by the index
 * of doubts, of failed bills or of the month, or else by a scan of all rows, since no index knows the state.
 */
export function selectBills(database: Database, selection: Selection): AsyncGenerator<Standing[]> {
  if (selection.billIds !== undefined) return selectNamed(database, selection, selection.billIds);
  if (selection.sendStatus === 'IN_DOUBT') return selectDoubts(database, selection);
  if (selection.sendStatus === 'FAILED') return selectByPages(database, selection, pageOfFailed);
  if (selection.month !== undefined) return selectByPages(database, selection, pageOfMonth);
  return walkAll(database, selection);
}

async function* selectNamed(
  database: Database,
  { month, reason, doubtedFrom, doubtedBefore }: Selection,
  billIds: readonly BillId[],
): AsyncGenerator<Standing[]> {
  const single = [...new Set(billIds)];
  for (let next = 0; next < single.length; next += billsAPage) {
    yield await readStandings(database, single.slice(next, next + billsAPage), {
      month,
      reason,
      doubtedFrom,
      doubtedBefore,
    });
  }
}

/** Reads the ids page by page. Other conditions are compared with each row. */
async function* selectByPages(
  database: Database,
  { month, reason, sendStatus }: Selection,
  page: Statement,
): AsyncGenerator<Standing[]> {
  let after = beforeAllBills;
  for (;;) {
    const rows = await database.query<[BillId]>(page, [month ?? null, after, billsAPage]);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield await readStandings(
      database,
      rows.map(([billId]) => billId),
      { month, reason, sendStatus },
    );
    after = last[0];
  }
}

const pageOfMonth = {
  name: 'page-of-month',
  text: `${billIdsOfMonth('$1')} and b.bill_id > $2 order by b.bill_id limit $3`,
};

/**
 * Of a month, only bills between its first and its last id are looked at: its ids are often close together.
 */
const pageOfFailed = {
  name: 'page-of-failed',
  text: `
    select n.bill_id from bill_notification n
    where n.failed_at is not null and n.bill_id > $2
      and ($1::date is null or n.bill_id between
        (select min(b.bill_id) from source_bills b where b.billing_month = $1::date)
        and (select max(b.bill_id) from source_bills b where b.billing_month = $1::date))
    order by n.bill_id
    limit $3`,
};

const standings = {
  name: 'read-standings',
  text: `
    select n.bill_id, n.send_status, n.publish_status, n.cycle, n.claim_token, n.channel, n.passed,
           ${isInClosedMonth}
    from bill_notification n
    where n.bill_id = any($1::bigint[])
      and ($2::date is null or ${isOfMonth('n', '$2')})
      and ($3::text is null or n.reason = $3)
      and ($4::text is null or n.send_status = $4)
      and ($5::timestamptz is null or n.in_doubt_at >= $5)
      and ($6::timestamptz is null or n.in_doubt_at < $6)
    order by n.bill_id`,
};

/** The state of each of these bills that has a row and meets the conditions. */
export async function readStandings(
  database: Database,
  billIds: readonly BillId[],
  { month, reason, sendStatus, doubtedFrom, doubtedBefore }: Omit<Selection, 'billIds'> = {},
): Promise<Standing[]> {
  const rows = await database.query<StandingColumns>(standings, [
    plainArray(billIds),
    month ?? null,
    reason ?? null,
    sendStatus ?? null,
    doubtedFrom ?? null,
    doubtedBefore ?? null,
  ]);
  return rows.map(standingOf);
}

function standingOf(columns: StandingColumns): Standing {
  const [billId, sendStatus, publishStatus, cycle, token, channel, passed, inClosedMonth] = columns;
  return { billId, sendStatus, publishStatus, cycle, token, channel, passed, inClosedMonth };
}

const window = {
  name: 'select-in-window',
  text: `
    with seen as materialized (
      select bill_id, send_status, publish_status, cycle, claim_token, channel, passed, reason
      from bill_notification
      where bill_id > $1
      order by bill_id
      limit $2
    )
    select ends.last_bill_id, n.bill_id, n.send_status, n.publish_status, n.cycle, n.claim_token, n.channel,
           n.passed, ${isInClosedMonth}
    from (select max(bill_id) as last_bill_id from seen) ends
    left join seen n on ($3::text is null or n.reason = $3) and ($4::text is null or n.send_status = $4)
    order by n.bill_id`,
};

async function* walkAll(database: Database, { reason, sendStatus }: Selection): AsyncGenerator<Standing[]> {
  let after: string | null = beforeAllBills;
  while (after !== null) {
    const rows: [string | null, ...(StandingColumns | [null])][] = await database.query(window, [
      after,
      rowsAWindow,
      reason ?? null,
      sendStatus ?? null,
    ]);
    after = rows[0]?.[0] ?? null;
    const found = rows.flatMap(([, ...columns]) => (columns[0] === null ? [] : [standingOf(columns)]));
    if (found.length > 0) yield found;
  }
}
