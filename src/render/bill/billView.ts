import { type CalendarMonth, formatDate, monthKey, monthOf, monthsBefore, periodOf } from './billingDates.ts';
import { billedPartsOf, sumsOf } from './billSums.ts';
import { cleanText } from './cleanText.ts';
import { formatWon } from './formatWon.ts';
import { maskAddress, maskEmail, maskName, maskPaymentNumber } from './masking.ts';
import type { CompleteBill, ItemCategory, LoadedItem, LoadedMonth } from './sourceBill.ts';

/** A person's opened fields that a bill's e-mail is made from; empty if not stored. */
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
  /** `11월`, or `-` if there was no bill. */
  readonly label: string;
  /** `-` if several bills of that month stand, of which none is known to be this one's predecessor. */
  readonly amount: string;
  /** Width in percent of the highest bar, `1` to `100`; empty if there is no bar. */
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
  /** Whether there is nothing to pay: 0, or a credit. */
  readonly nothingDue: boolean;
  /** Null also if there is nothing to pay. */
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
  /** Whether the prices have the tax in them; otherwise it is added to the total. */
  readonly vatIsIncluded: boolean;
  /** Whether the bills before left a credit, which `credit` shows as a negative amount. */
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

/** What an SMS prints; `name` as opened. */
export function smsViewOf({ billId, bill }: CompleteBill, name: string): SmsView {
  const { year, month } = monthOf(bill.billingMonth);
  const nothingDue = bill.totalBilledAmount <= 0;
  return {
    invoiceNumber: `${bill.billingMonth.slice(0, 4)}${bill.billingMonth.slice(5, 7)}${billId.padStart(7, '0')}`,
    billingMonth: `${year}년 ${month}월`,
    month: `${month}월`,
    memberName: maskName(cleanText(name)) || nameless,
    totalBilled: formatWon(bill.totalBilledAmount),
    unpaid: formatWon(bill.unpaidAmount),
    hasUnpaid: bill.unpaidAmount > 0,
    nothingDue,
    dueDate: bill.dueDate === null || nothingDue ? null : formatDate(bill.dueDate),
  };
}

/** What an e-mail prints; `dayOf` gives an instant as a day of the time zone of the bills. */
export function billViewOf(
  loaded: CompleteBill,
  personal: PersonalFields,
  dayOf: (instant: string) => string,
): BillView {
  const { bill, member, items } = loaded;
  const month = monthOf(bill.billingMonth);
  const sums = sumsOf(items);
  const { vatIsIncluded, roundingWon } = billedPartsOf(bill);
  return {
    ...smsViewOf(loaded, personal.name),
    memberEmail: maskEmail(cleanText(personal.email)),
    grade: shown(member.grade),
    address: maskAddress(cleanText(personal.address)) || noText,
    usagePeriod: periodOf(monthsBefore(month, 1)),
    issuedOn: dayOf(bill.issuedAt),
    totalAmount: formatWon(bill.totalAmount),
    vat: formatWon(bill.vat),
    vatIsIncluded,
    hasCredit: bill.unpaidAmount < 0,
    credit: formatWon(Math.min(0, bill.unpaidAmount)),
    hasRounding: roundingWon !== 0,
    rounding: formatWon(roundingWon),
    monthlyFee: formatWon(sums.SUBSCRIPTION),
    additionalFee: formatWon(sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    products: items.filter((item) => item.category !== 'DISCOUNT').map((item) => itemView(item, item.amount)),
    productsTotal: formatWon(sums.SUBSCRIPTION + sums.OVER_USAGE + sums.ONE_TIME_PURCHASE),
    discounts: items
      .filter((item) => item.category === 'DISCOUNT')
      .map((item) => itemView(item, -item.amount)),
    discountsTotal: formatWon(-sums.DISCOUNT),
    months: monthViews(loaded, month),
    paymentOwner: maskName(cleanText(personal.paymentOwnerName)) || noText,
    paymentMethod: shown(bill.paymentName),
    paymentNumber: maskPaymentNumber(cleanText(personal.paymentNumber)) || noText,
  };
}

/** Stands for a name that is not stored: `회원 고객님`, `회원님`. */
const nameless = '회원';
const noText = '-';

function shown(text: string): string {
  return cleanText(text) || noText;
}

const categoryNames: Readonly<Record<ItemCategory, string>> = {
  SUBSCRIPTION: '월정액',
  OVER_USAGE: '초과 사용',
  ONE_TIME_PURCHASE: '일회성 구매',
  DISCOUNT: '할인',
};

function itemView(item: LoadedItem, amount: number): ItemView {
  return {
    kind: cleanText(item.subcategory ?? '') || categoryNames[item.category],
    name: shown(item.name),
    amount: formatWon(amount),
  };
}

/** This bill's month shows this bill's own amount, and never another bill's of that month. */
function monthViews({ bill, months }: CompleteBill, current: CalendarMonth): MonthView[] {
  const amounts = [3, 2, 1, 0].map((age): readonly [CalendarMonth, ChartAmount] => {
    const month = monthsBefore(current, age);
    return [month, age === 0 ? bill.totalBilledAmount : amountOf(month, months)];
  });
  const highest = Math.max(1, ...amounts.map(([, amount]) => (typeof amount === 'number' ? amount : 0)));
  return amounts.map(([{ month }, amount], index) => ({
    label: amount === 'no bill' ? '-' : `${month}월`,
    amount: amount === 'several bills' ? '-' : formatWon(amount === 'no bill' ? 0 : amount),
    barPercent: typeof amount === 'number' ? barPercentOf(amount, highest) : '',
    isCurrent: index === 3,
  }));
}

type ChartAmount = number | 'no bill' | 'several bills';

/** The tables do not say which of several bills belongs to the same line, so none of them is shown. */
function amountOf(month: CalendarMonth, months: readonly LoadedMonth[]): ChartAmount {
  const key = monthKey(month);
  const [first, second] = months.filter(({ billingMonth }) => billingMonth.startsWith(key));
  if (first === undefined) return 'no bill';
  return second === undefined ? first.totalBilledAmount : 'several bills';
}

/** A small amount still shows. Zero or a credit has no bar, because HTML ignores a width of 0. */
function barPercentOf(amount: number, highest: number): string {
  return amount <= 0 ? '' : String(Math.max(1, Math.round((amount / highest) * 100)));
}
