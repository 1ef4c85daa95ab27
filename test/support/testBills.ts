import type { BillId, MemberId } from '../../src/bill.ts';
import type { Database } from '../../src/db/database.ts';
import { ask } from './ask.ts';
import { someMember } from './notifications.ts';

/** A bill's row. What the spec leaves out gets a plausible text or amount. */
export async function insertBill(
  database: Database,
  {
    billId,
    memberId = someMember,
    month = '2026-11-01',
    totalBilledAmount = '60500',
  }: { billId: BillId; memberId?: MemberId; month?: string; totalBilledAmount?: string },
): Promise<void> {
  await ask(
    database,
    `insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
       total_billed_amount, monthly_fee, additional_fee, due_date, issued_at, payment_owner_name, payment_name,
       payment_number)
     values ($1, $2, $3, 55000, 5500, 0, 0, $4, 55000, 0, '2026-12-25', '2026-11-20T00:00:00Z', 'sealed-owner',
       'Bank', 'sealed-number')`,
    [billId, memberId, month, totalBilledAmount],
  );
}

export async function insertMember(
  database: Database,
  memberId: MemberId = someMember,
  email: string | null = 'sealed-email',
): Promise<void> {
  await ask(
    database,
    `insert into member (id, name, email, phone, address, grade)
     values ($1, 'sealed-name', $2, 'sealed-phone', 'sealed-address', 'VIP')`,
    [memberId, email],
  );
}

export async function insertItem(
  database: Database,
  item: { id: number; billId: BillId; category: string; name: string; amount: string },
): Promise<void> {
  await ask(
    database,
    `insert into bill_item (id, bill_id, category, name, amount) values ($1, $2, $3, $4, $5)`,
    [item.id, item.billId, item.category, item.name, item.amount],
  );
}
