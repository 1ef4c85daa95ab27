import { type CalendarMonth, formatDate, monthKey, monthOf, monthsBefore, periodOf } from './billingDates.ts';
import { cleanText } from './cleanText.ts';
import type { CompleteBill, ItemCategory, LoadedItem } from './loadedBill.ts';
import { maskAddress, maskEmail, maskName, maskPaymentNumber } from './masking.ts';
import { formatWon } from './won.ts';

/** What of a person a bill's e-mail is made from, opened. */
export interface PersonalFields {
  readonly name: string;
  readonly email: string;
  readonly address: string | null;
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
  /** `11월`, or `-` where there was no bill. */
  readonly label: string;
  readonly amount: string;
  /** Width in percent of the highest bar, `1` to `100`; empty where there is no bar. */
  readonly barPercent: string;
  readonly isCurrent: boolean;
};

/** What both messages print; every text is ready to print and holds no control characters. */
export type SmsView = {
  /** `YYYYMM` and the bill's id, padded to seven digits. */
  readonly invoiceNumber: string;
  /** `2026년 11월` */
  readonly billingMonth: string;
  /** `11월` */
  readonly month: string;
  readonly memberName: string;
  readonly totalBilled: string;
  readonly unpaid: string;
  readonly hasUnpaid: boolean;
  readonly dueDate: string | null;
};

/** What an e-mail prints. */
export type BillView = SmsView & {
  readonly memberEmail: string;
  readonly grade: string;
  readonly address: string;
  /** The month before the billing month, first to last day. */
  readonly usagePeriod: string;
  readonly issuedOn: string;
  readonly totalAmount: string;
  readonly vat: string;
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

/** What an SMS prints; `name` as opened. */
export const smsViewOf = ({ billId, bill }: CompleteBill, name: string): SmsView => {
  const { year, month } = monthOf(bill.billingMonth);
  return {
    invoiceNumber: `${bill.billingMonth.slice(0, 4)}${bill.billingMonth.slice(5, 7)}${billId.padStart(7, '0')}`,
    billingMonth: `${year}년 ${month}월`,
    month: `${month}월`,
    memberName: maskName(cleanText(name)),
    totalBilled: formatWon(bill.totalBilledAmount),
    unpaid: formatWon(bill.unpaidAmount),
    hasUnpaid: bill.unpaidAmount > 0,
    dueDate: bill.dueDate === null ? null : formatDate(bill.dueDate),
  };
};

/** What an e-mail prints; `dayOf` gives an instant as a day of the time zone of the bills. */
export const billViewOf = (
  loaded: CompleteBill,
  personal: PersonalFields,
  dayOf: (instant: string) => string,
): BillView => {
  const { bill, member, items } = loaded;
  const month = monthOf(bill.billingMonth);
  const sums = sumsOf(items);
  return {
    ...smsViewOf(loaded, personal.name),
    memberEmail: maskEmail(cleanText(personal.email)),
    grade: cleanText(member.grade),
    address: personal.address === null ? '-' : maskAddress(cleanText(personal.address)),
    usagePeriod: periodOf(monthsBefore(month, 1)),
    issuedOn: dayOf(bill.issuedAt),
    totalAmount: formatWon(bill.totalAmount),
    vat: formatWon(bill.vat),
    monthlyFee: formatWon(sums.SUBSCRIPTION),
    additionalFee: formatWon(sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    products: items.filter((item) => item.category !== 'DISCOUNT').map((item) => itemView(item, item.amount)),
    productsTotal: formatWon(sums.SUBSCRIPTION + sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    discounts: items
      .filter((item) => item.category === 'DISCOUNT')
      .map((item) => itemView(item, -item.amount)),
    discountsTotal: formatWon(-sums.DISCOUNT),
    months: monthViews(loaded, month),
    paymentOwner: maskName(cleanText(personal.paymentOwnerName)),
    paymentMethod: cleanText(bill.paymentName),
    paymentNumber: maskPaymentNumber(cleanText(personal.paymentNumber)),
  };
};

const CATEGORY_NAMES: Readonly<Record<ItemCategory, string>> = {
  SUBSCRIPTION: '월정액',
  OVER_USAGE: '초과 사용',
  ONE_TIME_PURCHASE: '일회성 구매',
  DISCOUNT: '할인',
};

const itemView = (item: LoadedItem, amount: number): ItemView => ({
  kind: item.subcategory === null ? CATEGORY_NAMES[item.category] : cleanText(item.subcategory),
  name: cleanText(item.name),
  amount: formatWon(amount),
});

const sumsOf = (items: readonly LoadedItem[]): Record<ItemCategory, number> => {
  const sums = { SUBSCRIPTION: 0, OVER_USAGE: 0, ONE_TIME_PURCHASE: 0, DISCOUNT: 0 };
  for (const item of items) sums[item.category] += item.amount;
  return sums;
};

const monthViews = ({ months }: CompleteBill, current: CalendarMonth): MonthView[] => {
  const amountOf = new Map(months.map((month) => [month.billingMonth.slice(0, 7), month.totalBilledAmount]));
  const highest = Math.max(1, ...amountOf.values());
  return [3, 2, 1, 0].map((age) => {
    const month = monthsBefore(current, age);
    const amount = amountOf.get(monthKey(month));
    return {
      label: amount === undefined ? '-' : `${month.month}월`,
      amount: formatWon(amount ?? 0),
      barPercent: barPercentOf(amount ?? 0, highest),
      isCurrent: age === 0,
    };
  });
};

/** Little still shows; nothing, or a credit, has no bar: HTML takes a width of 0 for none given. */
const barPercentOf = (amount: number, highest: number): string =>
  amount <= 0 ? '' : String(Math.max(1, Math.round((amount / highest) * 100)));
