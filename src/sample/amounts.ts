export type SampleCategory = 'SUBSCRIPTION' | 'OVER_USAGE' | 'ONE_TIME_PURCHASE' | 'DISCOUNT';

/**
 * The part of an item that counts for the amounts; `amount` in whole won, never negative, not even for
 * discounts.
 */
export interface Charge {
  readonly category: SampleCategory;
  readonly amount: number;
}

/** The amounts on a bill, in whole won. */
export interface BillAmounts {
  readonly monthlyFee: number;
  readonly additionalFee: number;
  readonly totalAmount: number;
  readonly vat: number;
  readonly totalDiscountAmount: number;
  readonly unpaidAmount: number;
  readonly totalBilledAmount: number;
}

/**
 * The one place that adds a bill up.
 *
 * - monthly fee = sum of SUBSCRIPTION
 * - additional fee = sum of OVER_USAGE and ONE_TIME_PURCHASE
 * - total = monthly fee + additional fee
 * - total discount = sum of DISCOUNT
 * - billed = total - total discount + unpaid
 *
 * Prices include the value added tax of 10 % (Value-Added Tax Act of Korea, article 30): `vat` is the part of
 * the total that is tax, an eleventh, rounded to the won, and is added to nothing.
 * @param unpaidAmount what is still owed from the bills before
 */
export function amountsOf(charges: readonly Charge[], unpaidAmount: number): BillAmounts {
  const sumOf = (category: SampleCategory): number =>
    charges.reduce((sum, charge) => (charge.category === category ? sum + charge.amount : sum), 0);
  const monthlyFee = sumOf('SUBSCRIPTION');
  const additionalFee = sumOf('OVER_USAGE') + sumOf('ONE_TIME_PURCHASE');
  const totalAmount = monthlyFee + additionalFee;
  const totalDiscountAmount = sumOf('DISCOUNT');
  return {
    monthlyFee,
    additionalFee,
    totalAmount,
    vat: Math.round(totalAmount / 11),
    totalDiscountAmount,
    unpaidAmount,
    totalBilledAmount: totalAmount - totalDiscountAmount + unpaidAmount,
  };
}
