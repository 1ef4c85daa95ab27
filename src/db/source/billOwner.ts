import type { BillId, MemberId } from '../../bill.ts';
import type { Database } from '../database.ts';

const select = {
  name: 'bill-owner',
  text: 'select member_id, cycle from bill_notification where bill_id = $1',
};

/** Whose bill it is and in which cycle; undefined where there is no such bill. */
export async function findBillOwner(
  database: Database,
  billId: BillId,
): Promise<{ memberId: MemberId; cycle: number } | undefined> {
  const [row] = await database.query<[MemberId, number]>(select, [billId]);
  return row && { memberId: row[0], cycle: row[1] };
}
