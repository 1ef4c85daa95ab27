import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';

const find = {
  name: 'bill-exists',
  text: 'select exists (select from bill_notification where bill_id = $1)',
};

/** Whether billcast has a row of this bill, in whatever state. */
export async function billExists(database: Database, billId: BillId): Promise<boolean> {
  const [row] = await database.query<[boolean]>(find, [billId]);
  return row?.[0] ?? false;
}
