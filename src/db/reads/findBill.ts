import type { BillId, MemberId } from '../../bill.ts';
import type { Database } from '../database.ts';

const select = {
  name: 'find-bill',
  text: 'select member_id, cycle from bill_notification where bill_id = $1',
};

/** A bill's member and cycle; undefined if it has no row. */
export async function findBill(
  database: Database,
  billId: BillId,
): Promise<{ readonly memberId: MemberId; readonly cycle: number } | undefined> {
  const [row] = await database.query<[MemberId, number]>(select, [billId]);
  return row && { memberId: row[0], cycle: row[1] };
}

const newest = {
  name: 'find-newest-bill',
  text: 'select bill_id from bill_notification order by bill_id desc limit 1',
};

/** The bill with the largest id; undefined if there is none. */
export async function findNewestBill(database: Database): Promise<BillId | undefined> {
  const [row] = await database.query<[BillId]>(newest);
  return row?.[0];
}

const cancelled = {
  name: 'is-bill-cancelled',
  text: `select send_status = 'CANCELLED' from bill_notification where bill_id = $1`,
};

export async function isCancelled(database: Database, billId: BillId): Promise<boolean> {
  const [row] = await database.query<[boolean]>(cancelled, [billId]);
  return row?.[0] ?? false;
}
