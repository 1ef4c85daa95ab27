import type { EncryptedField } from '../render/cipher/cipher.ts';
import { type CopyTarget, copyLine } from './copy.ts';
import type { SampleItem } from './items.ts';
import type { SampleBill } from './makeBill.ts';
import type { SampleMember } from './member.ts';

/** Lines of COPY by table. */
export interface Rows {
  readonly member: string[];
  readonly bill: string[];
  readonly billItem: string[];
  readonly billNotification: string[];
}

/** The ids of a member's rows. */
export interface RowIds {
  /** In the same order as the member's bills. */
  readonly bills: readonly bigint[];
  /** The id of the first item; the others follow without gaps. */
  readonly firstItem: bigint;
}

/** Seals a value of a member, or of a member's bill, for the column that holds it. */
export type Encrypt = (field: EncryptedField, memberId: string, plain: string) => string;

/** The table and the columns of each list of `Rows`; other columns keep their defaults. */
export const copyTargets: Readonly<Record<keyof Rows, CopyTarget>> = {
  member: {
    table: 'member',
    columns: [
      ...['id', 'name', 'email', 'phone', 'address', 'grade'],
      ...['do_not_disturb_start', 'do_not_disturb_end'],
    ],
  },
  bill: {
    table: 'bill',
    columns: [
      ...['id', 'member_id', 'billing_month', 'total_amount', 'vat', 'unpaid_amount'],
      ...['total_discount_amount', 'total_billed_amount', 'monthly_fee', 'additional_fee', 'due_date'],
      ...['issued_at', 'payment_owner_name', 'payment_name', 'payment_number'],
    ],
  },
  billItem: {
    table: 'bill_item',
    columns: ['id', 'bill_id', 'category', 'subcategory', 'name', 'amount', 'detail'],
  },
  billNotification: { table: 'bill_notification', columns: ['bill_id', 'member_id'] },
};

export function createRows(): Rows {
  return { member: [], bill: [], billItem: [], billNotification: [] };
}

/**
 * Adds a member with all bills. The last bill is the one of the month: it gets its items and its
 * notification. The items of older bills are left out, since a bill shows only the totals of these.
 */
export function addMember(rows: Rows, { member, ids, encrypt }: NewMember): void {
  rows.member.push(memberLine(member, encrypt));
  // Sealed once per member: each sealing costs as much as all other columns of a bill.
  const owner = encrypt('paymentOwnerName', String(member.id), member.payment.ownerName);
  const number = encrypt('paymentNumber', String(member.id), member.payment.number);
  for (const [index, bill] of member.bills.entries()) {
    const id = ids.bills[index] ?? missingId();
    rows.bill.push(billLine(bill, [id, member.id], [owner, member.payment.name, number]));
  }
  const billId = ids.bills.at(-1) ?? missingId();
  for (const [index, item] of (member.bills.at(-1)?.items ?? []).entries()) {
    rows.billItem.push(itemLine(item, ids.firstItem + BigInt(index), billId));
  }
  rows.billNotification.push(copyLine([billId, member.id]));
}

export interface NewMember {
  readonly member: SampleMember;
  readonly ids: RowIds;
  readonly encrypt: Encrypt;
}

function memberLine(member: SampleMember, encrypt: Encrypt): string {
  const id = String(member.id);
  return copyLine([
    member.id,
    encrypt('name', id, member.name),
    member.email === null ? null : encrypt('email', id, member.email),
    encrypt('phone', id, member.phone),
    encrypt('address', id, member.address),
    member.grade,
    member.doNotDisturb?.start ?? null,
    member.doNotDisturb?.end ?? null,
  ]);
}

function billLine(
  { billingMonth, amounts, dueDate, issuedAt }: SampleBill,
  ids: readonly bigint[],
  payment: readonly string[],
): string {
  return copyLine([
    ...ids,
    billingMonth,
    amounts.totalAmount,
    amounts.vat,
    amounts.unpaidAmount,
    amounts.totalDiscountAmount,
    amounts.totalBilledAmount,
    amounts.monthlyFee,
    amounts.additionalFee,
    dueDate,
    issuedAt,
    ...payment,
  ]);
}

function itemLine(item: SampleItem, id: bigint, billId: bigint): string {
  return copyLine([
    id,
    billId,
    item.category,
    item.subcategory,
    item.name,
    item.amount,
    item.detail === null ? null : JSON.stringify(item.detail),
  ]);
}

function missingId(): never {
  throw new RangeError('a sample bill has no id');
}
