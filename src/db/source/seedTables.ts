import { z } from 'zod';
import type { Connection } from '../database.ts';

/** The first free ids: all above them are free too. */
export interface FirstIds {
  readonly member: bigint;
  readonly bill: bigint;
  readonly item: bigint;
}

/**
 * Looks into every table that names a member, a bill or an item, including the journal: a new bill must never
 * inherit what is known about an old one. Only one seeding at a time may rely on the answer.
 */
export async function findFirstIds(connection: Connection): Promise<FirstIds> {
  const [row] = await connection.run(`
    select 1 + greatest(0, (select max(id) from member), (select max(member_id) from bill)),
      1 + greatest(0, (select max(id) from bill), (select max(bill_id) from bill_item),
        (select max(bill_id) from bill_notification), (select max(bill_id) from delivery_attempt)),
      1 + greatest(0, (select max(id) from bill_item))`);
  const [member, bill, item] = firstIdsRow.parse(row);
  return { member, bill, item };
}

const id = z.coerce.bigint();
const firstIdsRow = z.tuple([id, id, id]);

/** Call it after adding bills: otherwise the first statements on them are planned for empty tables. */
export async function analyzeBills(connection: Connection): Promise<void> {
  await connection.run('analyze member, bill, bill_item, bill_notification');
}
