import type { BillId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';
import { sumOverWindows } from '../windows.ts';

/** A bill that has not been released yet. */
export interface HeldBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly cycle: number;
  /** As its row says. */
  readonly channel: Channel;
  /** In minor units; null if the source does not say. */
  readonly amount: number | null;
  /** ISO 4217; null: `CURRENCY`. */
  readonly currency: string | null;
}

export interface HeldCount {
  readonly held: number;
  /** Of the selection too, and released, sent or cancelled. */
  readonly notHeld: number;
}

const isHeld = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;

/** Counts in parts, so that no statement is long. */
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

/**
 * The held bills, page by page, in the order of their ids.
 * @param options.every takes about one bill in so many, spread by a hash of its id; 1 takes all
 */
export async function* heldPages(
  database: Database,
  selection: PlannedSelection,
  { size, every }: { readonly size: number; readonly every: number },
): AsyncGenerator<readonly HeldBill[]> {
  const { name, rows, id, value } = selectedBills(selection);
  const statement = {
    name: `held-page-${name}`,
    text: `
    select page.*, a.amount::text, a.currency
    from (
      select n.bill_id, n.member_id, n.cycle, n.channel from ${rows} and ${id} > $2::bigint and ${isHeld}
        and (hashint8(n.bill_id) & 2147483647) % $4::int = 0
      order by ${id} limit $3
    ) page left join source_amounts a on a.bill_id = page.bill_id
    order by page.bill_id`,
  };
  for (let after: string = beforeAllBills; ; ) {
    const found = await database.query<Row>(statement, [value, after, size, every]);
    if (found.length > 0) yield found.map(heldOf);
    const last = found.at(-1)?.[0];
    if (found.length < size || last === undefined) return;
    after = last;
  }
}

function heldOf([billId, memberId, cycle, channel, amount, currency]: Row): HeldBill {
  return { billId, memberId, cycle, channel, amount: amount === null ? null : Number(amount), currency };
}
