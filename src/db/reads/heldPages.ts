import type { BillId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { type SelectedBills, selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';
import { billsPerWindow, sumOverWindows } from '../windows.ts';

/** A bill that has not been released yet. */
export interface HeldBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly cycle: number;
  /** The channel in its row. */
  readonly channel: Channel;
  /** The amount in minor units; null if the source does not give it. */
  readonly amount: number | null;
  /** ISO 4217; null: `CURRENCY`. */
  readonly currency: string | null;
}

export interface HeldCount {
  readonly held: number;
  /** Bills of the selection that are released, sent or cancelled. */
  readonly notHeld: number;
}

const isHeld = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;

/** Counts in parts, so that no statement takes long. */
export async function countHeld(database: Database, selection: PlannedSelection): Promise<HeldCount> {
  const { name, rows, id, value } = selectedBills(selection);
  const statement = {
    name: `count-held-${name}`,
    text: `
    with part as (
      select n.bill_id, ${isHeld} as is_held from ${rows} and ${id} > $2::bigint order by ${id} limit $3
    )
    select count(*)::int, max(bill_id), (count(*) filter (where is_held))::int,
           (count(*) filter (where not is_held))::int
    from part`,
  };
  const [held = 0, notHeld = 0] = await sumOverWindows(database, statement, [value]);
  return { held, notHeld };
}

type Row = [BillId, MemberId, number, Channel, string | null, string | null];
type PageRow = [upTo: BillId | null, ...([null] | Row)];

export interface PageOptions {
  readonly size: number;
  /** Takes about one bill in so many, chosen by a hash of its id; 1 takes all. */
  readonly every: number;
  /** The most bills that a statement looks at, even if few of them are held. */
  readonly window?: number;
}

/** The held bills, page by page, in the order of their ids. A page may be short. */
export async function* heldPages(
  database: Database,
  selection: PlannedSelection,
  { size, every, window = billsPerWindow }: PageOptions,
): AsyncGenerator<readonly HeldBill[]> {
  const selected = selectedBills(selection);
  const statement = { name: `held-page-${selected.name}`, text: pageText(selected) };
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const values = [selected.value, after, size, every, window];
    const rows: PageRow[] = await database.query<PageRow>(statement, values);
    after = rows[0]?.[0] ?? null;
    const found = rows.flatMap(([, ...columns]) => (columns[0] === null ? [] : [heldOf(columns)]));
    if (found.length > 0) yield found;
  }
}

/** If the window does not fill the page, it is read to its end. */
function pageText({ rows, id }: SelectedBills): string {
  const looked = `(
        select n.bill_id, n.member_id, n.cycle, n.channel,
               ${isHeld} and (hashint8(n.bill_id) & 2147483647) % $4::int = 0 as is_meant
        from ${rows} and ${id} > $2::bigint order by ${id} limit $5
      ) looked`;
  return `
    with page as materialized (
      select bill_id, member_id, cycle, channel from ${looked} where is_meant limit $3
    ), ends as (
      select case when count(*) < $3 then (select max(bill_id) from ${looked}) else max(bill_id) end as up_to from page
    )
    select ends.up_to, page.*, a.amount::text, a.currency
    from ends left join page on true left join source_amounts a on a.bill_id = page.bill_id
    order by page.bill_id`;
}

function heldOf([billId, memberId, cycle, channel, amount, currency]: Row): HeldBill {
  return { billId, memberId, cycle, channel, amount: amount === null ? null : Number(amount), currency };
}
