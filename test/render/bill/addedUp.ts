import { sumsOf } from '../../../src/render/bill/billSums.ts';
import type { CompleteBill } from '../../../src/render/bill/sourceBill.ts';

/** The bill with the amounts that its items and its unpaid amount give; prices include the tax. */
export function addedUp<T extends CompleteBill>(loaded: T): T {
  const sums = sumsOf(loaded.items);
  const monthlyFee = sums.SUBSCRIPTION;
  const additionalFee = sums.OVER_USAGE + sums.ONE_TIME_PURCHASE;
  const totalAmount = monthlyFee + additionalFee;
  return {
    ...loaded,
    bill: {
      ...loaded.bill,
      monthlyFee,
      additionalFee,
      totalAmount,
      totalDiscountAmount: sums.DISCOUNT,
      vat: Math.floor(totalAmount / 11),
      totalBilledAmount: totalAmount - sums.DISCOUNT + loaded.bill.unpaidAmount,
    },
  };
}
