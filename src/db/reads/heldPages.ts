import type { BillId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { billsOfMonth } from '../source/billTables.ts';
import { beforeAllBills, plainArray } from '../sql.ts';

/** A bill that has not been released yet. */
export interface HeldBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly cycle: number;
  /** As its row says. */
  readonly channel: Channel;
}

/** Which bills are meant; of those only the held ones. */
export type HeldSelection =
  /** First day of the billing month as `YYYY-MM-DD`. */
  { readonly month: string } | { readonly billIds: readonly BillId[] };

export interface HeldCount {
  readonly held: number;
  /** Of the selection too, and released, cancelled or unknown. */
  readonly notHeld: number;
}

const countPart = {
  name: 'count-held-part',
  text: `
    with part as (
      select b.bill_id from source_bills b
      where b.billing_month = $1::date and b.bill_id > $2::bigint
      order by b.bill_id limit $3
    )
    select max(p.bill_id), count(*)::int,
      (count(*) filter (where n.publish_status = 'HELD' and n.send_status = 'PENDING'))::int
    from part p left join bill_notification n on n.bill_id = p.bill_id`,
};

const countNamed = {
  name: 'count-held-named',
  text: `
    select count(*)::int from bill_notification n
    where n.bill_id = any($1::bigint[]) and n.publish_status = 'HELD' and n.send_status = 'PENDING'`,
};

/** A statement that counts more could take longer than a statement may. */
const billsPerCount = 200_000;

/** Counts in parts, so that no statement is long. */
export async function countHeld(database: Database, selection: HeldSelection): Promise<HeldCount> {
  if ('billIds' in selection) {
    const billIds = [...new Set(selection.billIds)];
    const [row] = await database.query<[number]>(countNamed, [plainArray(billIds)]);
    const held = row?.[0] ?? 0;
    return { held, notHeld: billIds.length - held };
  }
  let [held, all] = [0, 0];
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const values: unknown[] = [selection.month, after, billsPerCount];
    const [part] = await database.query<[string | null, number, number]>(countPart, values);
    const [last, seen, heldInPart]: [string | null, number, number] = part ?? [null, 0, 0];
    held += heldInPart;
    all += seen;
    after = seen < billsPerCount ? null : last;
  }
  return { held, notHeld: all - held };
}

const columns = 'n.bill_id, n.member_id, n.cycle, n.channel';
const isHeld = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;

/** Every `$4`th by a hash of its id, so that a sample is spread over the month. */
const pageOfMonth = {
  name: 'held-page-of-month',
  text: `
    select ${columns} from ${billsOfMonth('$1')} and b.bill_id > $2::bigint and ${isHeld}
      and (hashint8(n.bill_id) & 2147483647) % $4::int = 0
    order by b.bill_id limit $3`,
};

const pageOfNamed = {
  name: 'held-page-of-named',
  text: `
    select ${columns} from bill_notification n
    where n.bill_id = any($1::bigint[]) and ${isHeld}
      and (hashint8(n.bill_id) & 2147483647) % $2::int = 0
    order by n.bill_id`,
};

type Row = [BillId, MemberId, number, Channel];

/**
 * The held bills, page by page.
 * @param options.every only about one of so many; 1 for all
 */
export async function* heldPages(
  database: Database,
  selection: HeldSelection,
  { size, every }: { readonly size: number; readonly every: number },
): AsyncGenerator<readonly HeldBill[]> {
  if ('billIds' in selection) {
    const billIds = [...new Set(selection.billIds)];
    for (let from = 0; from < billIds.length; from += size) {
      const ids = plainArray(billIds.slice(from, from + size));
      yield (await database.query<Row>(pageOfNamed, [ids, every])).map(heldOf);
    }
    return;
  }
  for (let after: string = beforeAllBills; ; ) {
    const rows = await database.query<Row>(pageOfMonth, [selection.month, after, size, every]);
    if (rows.length > 0) yield rows.map(heldOf);
    const last = rows.at(-1)?.[0];
    if (rows.length < size || last === undefined) return;
    after = last;
  }
}

function heldOf([billId, memberId, cycle, channel]: Row): HeldBill {
  return { billId, memberId, cycle, channel };
}
