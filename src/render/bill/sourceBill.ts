export const itemCategories = ['SUBSCRIPTION', 'OVER_USAGE', 'ONE_TIME_PURCHASE', 'DISCOUNT'] as const;

export type ItemCategory = (typeof itemCategories)[number];

/** The member's row. The fields that identify a person are sealed by a cipher. */
export interface LoadedMember {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly grade: string;
}

/**
 * The bill's row; amounts in minor units of its currency (whole won, cents), dates as `YYYY-MM-DD`,
 * `issuedAt` in ISO 8601.
 */
export interface LoadedBillRow {
  readonly billingMonth: string;
  readonly totalAmount: number;
  readonly vat: number;
  readonly unpaidAmount: number;
  readonly totalDiscountAmount: number;
  readonly totalBilledAmount: number;
  readonly monthlyFee: number;
  readonly additionalFee: number;
  readonly dueDate: string | null;
  readonly issuedAt: string;
  readonly paymentOwnerName: string;
  readonly paymentName: string;
  readonly paymentNumber: string;
  /** A code of ISO 4217; null: that of `CURRENCY`. */
  readonly currency: string | null;
}

/** One line of a bill; `amount` in minor units, positive for discounts too. */
export interface LoadedItem {
  readonly category: ItemCategory;
  readonly subcategory: string | null;
  readonly name: string;
  readonly amount: number;
}

export interface LoadedMonth {
  readonly billingMonth: string;
  readonly totalBilledAmount: number;
}

/** A bill as the database gives it; `member` or `bill` is null if its row is missing. */
export interface SourceBill {
  readonly billId: string;
  readonly memberId: string;
  readonly cycle: number;
  /** The member's language, a BCP 47 tag; null: that of `TEMPLATE_LANGUAGE`. */
  readonly language: string | null;
  readonly member: LoadedMember | null;
  readonly bill: LoadedBillRow | null;
  readonly items: readonly LoadedItem[];
  /** The bills of the three months before, without the cancelled ones, in any order. */
  readonly months: readonly LoadedMonth[];
}

/** A `SourceBill` with everything that a message needs. */
export interface CompleteBill extends SourceBill {
  readonly member: LoadedMember;
  readonly bill: LoadedBillRow;
}
