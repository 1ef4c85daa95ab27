import type { ItemCategory, LoadedBillRow, LoadedItem } from './sourceBill.ts';

/** The sum of a bill's items by category, in whole won. */
export type ItemSums = Readonly<Record<ItemCategory, number>>;

export interface BilledParts {
  /** False if the tax is added to the total; true if the prices contain it. */
  readonly vatIsIncluded: boolean;
  /** The difference between the billed amount and the sum of its parts, in won. */
  readonly roundingWon: number;
}

/**
 * Finds the first sum of a bill that does not match its parts. This is the one place that defines a correct
 * bill; docs/data.md explains it. The answer names the sum and holds none of its amounts.
 * @param toleranceWon `BILL_TOLERANCE_WON`
 * @param isInWon whether Korea's rules on rounding and tax apply
 */
export function findContradiction(
  { bill, items }: { readonly bill: LoadedBillRow; readonly items: readonly LoadedItem[] },
  toleranceWon: number,
  isInWon = true,
): string | undefined {
  const { monthlyFee, additionalFee, totalAmount, totalDiscountAmount } = bill;
  const differ = (left: number, right: number): boolean => Math.abs(left - right) > toleranceWon;
  if (items.length === 0 && (monthlyFee !== 0 || additionalFee !== 0 || totalDiscountAmount !== 0)) {
    return 'there are no items but the bill has fees or discounts';
  }
  const sums = sumsOf(items);
  if (differ(monthlyFee, sums.SUBSCRIPTION)) return 'monthlyFee is not the sum of the SUBSCRIPTION items';
  if (differ(additionalFee, sums.OVER_USAGE + sums.ONE_TIME_PURCHASE)) {
    return 'additionalFee is not the sum of the OVER_USAGE and ONE_TIME_PURCHASE items';
  }
  if (differ(totalDiscountAmount, sums.DISCOUNT)) {
    return 'totalDiscountAmount is not the sum of the DISCOUNT items';
  }
  if (differ(totalAmount, monthlyFee + additionalFee)) {
    return 'totalAmount is not monthlyFee plus additionalFee';
  }
  if (!Number.isSafeInteger(totalAmount - totalDiscountAmount + bill.unpaidAmount)) {
    return 'totalBilledAmount is too large to be added up exactly';
  }
  return isInWon ? findAgainstKorea(bill, toleranceWon) : findUnbilled(bill, toleranceWon, isNoDifference);
}

/** Checks Korea's rules: rounding to ten won, and a tax of a tenth. */
function findAgainstKorea(bill: LoadedBillRow, toleranceWon: number): string | undefined {
  const unbilled = findUnbilled(bill, toleranceWon, isRounding);
  if (unbilled !== undefined) return unbilled;
  return isTax(bill, toleranceWon) ? undefined : 'vat is more than a tenth of what it is the tax of';
}

function findUnbilled(
  bill: LoadedBillRow,
  toleranceWon: number,
  isAllowed: (differenceWon: number, billedWon: number) => boolean,
): string | undefined {
  const { roundingWon } = billedPartsOf(bill);
  return isAllowed(roundingWon, bill.totalBilledAmount) || Math.abs(roundingWon) <= toleranceWon
    ? undefined
    : 'totalBilledAmount is not totalAmount less totalDiscountAmount plus unpaidAmount';
}

/** How the billed amount is made up. The tax may be contained in the prices or added to them. */
export function billedPartsOf(bill: LoadedBillRow): BilledParts {
  const { totalAmount, totalDiscountAmount, unpaidAmount, totalBilledAmount, vat } = bill;
  const withoutTax = totalBilledAmount - (totalAmount - totalDiscountAmount + unpaidAmount);
  const withTax = withoutTax - vat;
  return !isRounding(withoutTax, totalBilledAmount) && Math.abs(withTax) < Math.abs(withoutTax)
    ? { vatIsIncluded: false, roundingWon: withTax }
    : { vatIsIncluded: true, roundingWon: withoutTax };
}

export function sumsOf(items: readonly LoadedItem[]): ItemSums {
  const sums = { SUBSCRIPTION: 0, OVER_USAGE: 0, ONE_TIME_PURCHASE: 0, DISCOUNT: 0 };
  for (const { category, amount } of items) sums[category] += amount;
  return sums;
}

/** Other currencies are not rounded. */
function isNoDifference(difference: number): boolean {
  return difference === 0;
}

/** Whether a difference comes from rounding: Korean bills are cut or rounded to ten won. */
function isRounding(differenceWon: number, billedWon: number): boolean {
  return differenceWon === 0 || (Math.abs(differenceWon) < 10 && billedWon % 10 === 0);
}

/**
 * Whether the tax is possible. Korea's rate is a tenth (Value-Added Tax Act, article 30). The tables do not
 * tell which items are free of tax, so any smaller amount is possible too.
 */
function isTax({ vat, totalAmount, totalBilledAmount }: LoadedBillRow, toleranceWon: number): boolean {
  return (
    Math.abs(vat) <=
    Math.max(Math.abs(totalAmount), Math.abs(totalBilledAmount)) / 10 + Math.max(toleranceWon, 10)
  );
}
