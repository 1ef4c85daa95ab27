import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Database } from '../../src/db/database.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { billIdOf, insertNotification, memberIdOf } from './notifications.ts';

/** A member and a bill whose values the default settings open, except the phone number. */
export const sealedBill = { billId: billIdOf(42), memberId: memberIdOf(9) };

/** Writes them alone into the tables, DELIVERED. */
export async function insertSealedBill(database: Database): Promise<void> {
  const { billId, memberId } = sealedBill;
  await database.execute('truncate member, bill, bill_item');
  const { seal } = createFieldCiphers(loadConfig({}).cipher);
  await database.execute(
    `insert into member (id, name, email, phone, address, grade) values ($1, $2, $3, $4, null, 'VIP')`,
    [
      memberId,
      seal('name', memberId, '홍길동'),
      seal('email', memberId, 'gildong@example.com'),
      'v2:lost:AAAA',
    ],
  );
  await database.execute(
    `insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
       total_billed_amount, monthly_fee, additional_fee, due_date, issued_at, payment_owner_name, payment_name,
       payment_number)
     values ($1, $2, '2026-11-01', 1000, 0, 0, 0, 1000, 1000, 0, '2026-11-25', now(), $3, '카드', $4)`,
    [
      billId,
      memberId,
      seal('paymentOwnerName', memberId, '홍길동'),
      seal('paymentNumber', memberId, '1234-5678-9012-3456'),
    ],
  );
  await database.execute(
    `insert into bill_item (id, bill_id, category, name, amount) values (1, $1, 'SUBSCRIPTION', '요금제', 1000)`,
    [billId],
  );
  await insertNotification(database, { billId, memberId, sendStatus: 'DELIVERED' });
}
