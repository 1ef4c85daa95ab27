import { amountsOf, type BillAmounts } from './amounts.ts';
import { type Contract, type SampleItem, sampleContract, sampleExtras } from './items.ts';
import type { Random } from './random.ts';

/** One month's bill of a member, without its ids. */
export interface SampleBill {
  /** The month's first day, `YYYY-MM-DD`. */
  readonly billingMonth: string;
  readonly amounts: BillAmounts;
  readonly dueDate: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  /** The items that the amounts are the sum of. */
  readonly items: readonly SampleItem[];
}

/** The billed month and the three before it, which the chart on a bill shows. */
export const monthsOnBill = 4;

const lateShare = 0.05;

/**
 * A member's last four bills, oldest first. What was not paid of a bill is on the next one as unpaid, and is
 * part of its billed amount.
 * @param month the last bill's month, its first day as `YYYY-MM-DD`
 */
export function sampleBills(random: Random, month: string): SampleBill[] {
  const contract = sampleContract(random);
  const dueDay = random.pick(['15', '21', '25', '28']);
  const bills: SampleBill[] = [];
  for (let age = monthsOnBill - 1; age >= 0; age -= 1) {
    const owed = bills.at(-1)?.amounts.totalBilledAmount ?? 0;
    const unpaidAmount = random.chance(lateShare) ? owed : 0;
    const billingMonth = monthBefore(month, age);
    const items = itemsOf(contract, sampleExtras(random, monthBefore(month, age + 1)));
    bills.push({
      billingMonth,
      amounts: amountsOf(items, unpaidAmount),
      dueDate: `${billingMonth.slice(0, 8)}${dueDay}`,
      issuedAt: `${billingMonth.slice(0, 8)}03T09:00:00+09:00`,
      items,
    });
  }
  return bills;
}

/** The month `count` months before, as its first day; both `YYYY-MM-DD`. */
export function monthBefore(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 - count;
  const year = String(Math.floor(months / 12)).padStart(4, '0');
  return `${year}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}

function itemsOf(contract: Contract, extras: readonly SampleItem[]): SampleItem[] {
  return [...contract.subscriptions, ...extras, ...contract.discounts];
}
