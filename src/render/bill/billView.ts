import { type CalendarMonth, monthKey, monthOf, monthsBefore } from './billingDates.ts';
import { billedPartsOf, sumsOf } from './billSums.ts';
import { cleanText } from './cleanText.ts';
import { maskAddress, maskEmail, maskName, maskPaymentNumber } from './masking.ts';
import type { CompleteBill, LoadedItem, LoadedMonth } from './sourceBill.ts';
import type { ValueWords } from './valueWords.ts';

/** The opened personal fields for a bill's e-mail; empty if not stored. */
export interface PersonalFields {
  readonly name: string;
  readonly email: string;
  readonly address: string;
  readonly paymentOwnerName: string;
  readonly paymentNumber: string;
}

/** One line of the products or the discounts, ready to print. */
export type ItemView = {
  /** The stored subcategory, or the category's own name. */
  readonly kind: string;
  readonly name: string;
  readonly amount: string;
};

/** One bar of the chart of the last months. */
export type MonthView = {
  /** `11월`, `Nov`, or `-` if there was no bill. */
  readonly label: string;
  /** `-` if there were several bills in that month and it is unknown which of them preceded this one. */
  readonly amount: string;
  /** The width in percent of the highest bar, `1` to `100`; empty if there is no bar. */
  readonly barPercent: string;
  readonly isCurrent: boolean;
};

/** How a language writes the values of a bill. */
export interface BillFormat {
  readonly words: ValueWords;
  /** Writes an instant as a day in the time zone of the bills. */
  readonly dayOf: (instant: string) => string;
}

/** The values for both kinds of messages. Every text is ready to print and has no control characters. */
export type SmsView = {
  /** `YYYYMM` and the bill's id, padded to seven digits. */
  readonly invoiceNumber: string;
  /** `2026년 11월`, `November 2026` */
  readonly billingMonth: string;
  /** `11월`, `November` */
  readonly month: string;
  readonly memberName: string;
  readonly totalBilled: string;
  readonly unpaid: string;
  readonly hasUnpaid: boolean;
  /** Whether there is nothing to pay: 0, or a credit. */
  readonly nothingDue: boolean;
  /** Null if there is no date, or nothing to pay. */
  readonly dueDate: string | null;
};

/** The values for an e-mail. */
export type BillView = SmsView & {
  readonly memberEmail: string;
  readonly grade: string;
  readonly address: string;
  /** The month before the billing month, from its first to its last day. */
  readonly usagePeriod: string;
  readonly issuedOn: string;
  readonly totalAmount: string;
  readonly vat: string;
  /** Whether the prices contain the tax; otherwise it is added to the total. */
  readonly vatIsIncluded: boolean;
  /** Whether earlier bills left a credit, which `credit` shows as a negative amount. */
  readonly hasCredit: boolean;
  readonly credit: string;
  /** Whether the billed amount was rounded to ten won; `rounding` is the difference. */
  readonly hasRounding: boolean;
  readonly rounding: string;
  readonly monthlyFee: string;
  readonly additionalFee: string;
  readonly products: readonly ItemView[];
  readonly productsTotal: string;
  readonly discounts: readonly ItemView[];
  readonly discountsTotal: string;
  /** This month and the three before it, oldest first. */
  readonly months: readonly MonthView[];
  readonly paymentOwner: string;
  readonly paymentMethod: string;
  readonly paymentNumber: string;
};

/** The values for an SMS. `name` is opened and not masked yet. */
export function smsViewOf({ billId, bill }: CompleteBill, name: string, words: ValueWords): SmsView {
  const month = monthOf(bill.billingMonth);
  const nothingDue = bill.totalBilledAmount <= 0;
  return {
    invoiceNumber: `${bill.billingMonth.slice(0, 4)}${bill.billingMonth.slice(5, 7)}${billId.padStart(7, '0')}`,
    billingMonth: words.month(month),
    month: words.monthName(month),
    memberName: maskName(cleanText(name)) || words.nameless,
    totalBilled: words.amount(bill.totalBilledAmount),
    unpaid: words.amount(bill.unpaidAmount),
    hasUnpaid: bill.unpaidAmount > 0,
    nothingDue,
    dueDate: bill.dueDate === null || nothingDue ? null : words.day(bill.dueDate),
  };
}

/** The values for an e-mail. */
export function billViewOf(
  loaded: CompleteBill,
  personal: PersonalFields,
  { words, dayOf }: BillFormat,
): BillView {
  const { bill, member, items } = loaded;
  const month = monthOf(bill.billingMonth);
  const sums = sumsOf(items);
  const { vatIsIncluded, roundingWon } = billedPartsOf(bill);
  return {
    ...smsViewOf(loaded, personal.name, words),
    memberEmail: maskEmail(cleanText(personal.email)),
    grade: shown(member.grade),
    address: maskAddress(cleanText(personal.address)) || noText,
    usagePeriod: words.period(monthsBefore(month, 1)),
    issuedOn: dayOf(bill.issuedAt),
    totalAmount: words.amount(bill.totalAmount),
    vat: words.amount(bill.vat),
    vatIsIncluded,
    hasCredit: bill.unpaidAmount < 0,
    credit: words.amount(Math.min(0, bill.unpaidAmount)),
    hasRounding: roundingWon !== 0,
    rounding: words.amount(roundingWon),
    monthlyFee: words.amount(sums.SUBSCRIPTION),
    additionalFee: words.amount(sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    products: items
      .filter((item) => item.category !== 'DISCOUNT')
      .map((item) => itemView(item, item.amount, words)),
    productsTotal: words.amount(sums.SUBSCRIPTION + sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    discounts: items
      .filter((item) => item.category === 'DISCOUNT')
      .map((item) => itemView(item, -item.amount, words)),
    discountsTotal: words.amount(-sums.DISCOUNT),
    months: monthViews(loaded, month, words),
    paymentOwner: maskName(cleanText(personal.paymentOwnerName)) || noText,
    paymentMethod: shown(bill.paymentName),
    paymentNumber: maskPaymentNumber(cleanText(personal.paymentNumber)) || noText,
  };
}

const noText = '-';

function shown(text: string): string {
  return cleanText(text) || noText;
}

function itemView(item: LoadedItem, amount: number, words: ValueWords): ItemView {
  return {
    kind: cleanText(item.subcategory ?? '') || words.categories[item.category],
    name: shown(item.name),
    amount: words.amount(amount),
  };
}

/** The months of the chart. For this bill's month, always this bill's own amount is shown. */
function monthViews({ bill, months }: CompleteBill, current: CalendarMonth, words: ValueWords): MonthView[] {
  const amounts = [3, 2, 1, 0].map((age): readonly [CalendarMonth, ChartAmount] => {
    const month = monthsBefore(current, age);
    return [month, age === 0 ? bill.totalBilledAmount : amountOf(month, months)];
  });
  const highest = Math.max(1, ...amounts.map(([, amount]) => (typeof amount === 'number' ? amount : 0)));
  return amounts.map(([month, amount], index) => ({
    label: amount === 'no bill' ? '-' : words.monthLabel(month),
    amount: amount === 'several bills' ? '-' : words.amount(amount === 'no bill' ? 0 : amount),
    barPercent: typeof amount === 'number' ? barPercentOf(amount, highest) : '',
    isCurrent: index === 3,
  }));
}

type ChartAmount = number | 'no bill' | 'several bills';

/**
 * The amount of an earlier month. If it has several bills, the tables do not tell which one preceded this
 * bill, so none is shown.
 */
function amountOf(month: CalendarMonth, months: readonly LoadedMonth[]): ChartAmount {
  const key = monthKey(month);
  const [first, second] = months.filter(({ billingMonth }) => billingMonth.startsWith(key));
  if (first === undefined) return 'no bill';
  return second === undefined ? first.totalBilledAmount : 'several bills';
}

/**
 * At least 1, so that a small amount is visible. Zero or a credit has no bar, because HTML ignores a width of
 * 0.
 */
function barPercentOf(amount: number, highest: number): string {
  return amount <= 0 ? '' : String(Math.max(1, Math.round((amount / highest) * 100)));
}
