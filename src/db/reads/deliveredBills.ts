import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { billIdsOfMonth, billsOfMonth } from '../source/billTables.ts';
import { beforeAllBills } from '../sql.ts';

/**
 * Bills with ids above `after` up to and with `through`, all or of one month (its first day, `YYYY-MM-DD`).
 */
export interface BillRange {
  readonly month?: string | undefined;
  readonly after: BillId;
  readonly through: BillId;
}

const rangeEnd = {
  name: 'end-of-bill-range',
  text: `
    select max(bill_id) from (
      select bill_id from bill_notification where bill_id > $1 order by bill_id limit $2) page`,
};

const monthRangeEnd = {
  name: 'end-of-month-range',
  text: `
    select max(bill_id) from (
      ${billIdsOfMonth('$3')} and b.bill_id > $1 order by b.bill_id limit $2) page`,
};

/** Cuts all bills, or those of a month, into ranges of `bills` bills, in the order of their ids. */
export async function* readBillRanges(
  database: Database,
  { month, bills }: { month: string | undefined; bills: number },
): AsyncGenerator<BillRange> {
  for (let after = beforeAllBills as BillId; ; ) {
    const [row] =
      month === undefined
        ? await database.query<[BillId | null]>(rangeEnd, [after, bills])
        : await database.query<[BillId | null]>(monthRangeEnd, [after, bills, month]);
    const through = row?.[0] ?? null;
    if (through === null) {
      return;
    }
    yield { month, after, through };
    after = through;
  }
}

/** One bill of a range, and the attempt that was accepted according to its row, by its key. */
export interface DeliveredBill {
  readonly billId: BillId;
  /** Null unless billcast delivered it before the given time. */
  readonly deliveredKey: string | null;
}

const columns = `n.bill_id,
  case when n.send_status = 'DELIVERED' and n.claim_token is not null and n.changed_at <= $3::timestamptz
    then n.bill_id || ':' || n.channel || ':' || n.cycle end`;

const delivered = {
  name: 'delivered-in-range',
  text: `select ${columns} from bill_notification n where n.bill_id > $1 and n.bill_id <= $2`,
};

const deliveredOfMonth = {
  name: 'delivered-of-month-in-range',
  text: `
    select ${columns} from ${billsOfMonth('$4')}
      and b.bill_id > $1 and b.bill_id <= $2`,
};

/** @param until the database's time, as text; later deliveries do not count yet */
export async function readDeliveredBills(
  database: Database,
  { month, after, through }: BillRange,
  until: string,
): Promise<DeliveredBill[]> {
  const rows =
    month === undefined
      ? await database.query<[BillId, string | null]>(delivered, [after, through, until])
      : await database.query<[BillId, string | null]>(deliveredOfMonth, [after, through, until, month]);
  return rows.map(([billId, deliveredKey]) => ({ billId, deliveredKey }));
}

const clock = { name: 'read-clock', text: `select clock_timestamp()::text` };

/** The database's time, as text, exact to the microsecond. */
export async function readDatabaseClock(database: Database): Promise<string> {
  const [row] = await database.query<[string]>(clock);
  return row?.[0] ?? 'infinity';
}
