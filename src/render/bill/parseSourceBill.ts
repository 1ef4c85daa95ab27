import type {
  CompleteBill,
  ItemCategory,
  LoadedBillRow,
  LoadedItem,
  LoadedMember,
  LoadedMonth,
  SourceBill,
} from './sourceBill.ts';

export type ParsedBill =
  | { readonly kind: 'complete'; readonly bill: CompleteBill }
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** The database did not send the bill's text. */
  | { readonly kind: 'tooLarge'; readonly bytes: number };

/*
 * A loaded bill is one JSON text: [columns, items, months], every value a text or null, in the order that
 * `loadedText` below shows. Named fields would be easier to read, but take PostgreSQL twice as long to write
 * (50 us per bill instead of 25) and the thread longer to read.
 */

/**
 * Reads one bill's text. `detail` names what is missing and holds no value of the bill.
 *
 * Checked by hand: a schema library costs more per bill than rendering it.
 */
export function parseSourceBill(text: string): ParsedBill {
  try {
    const parsed: unknown = JSON.parse(text);
    const bytes = sizeMark(parsed);
    return bytes === undefined ? { kind: 'complete', bill: readBill(parsed) } : { kind: 'tooLarge', bytes };
  } catch (error) {
    if (error instanceof Incomplete) {
      return { kind: 'incomplete', detail: `${error.part} is missing or not usable` };
    }
    return { kind: 'incomplete', detail: 'the loaded bill is not JSON' };
  }
}

/** `{"tooLargeBytes": n}`, which stands in place of a bill. */
function sizeMark(parsed: unknown): number | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('tooLargeBytes' in parsed)) return undefined;
  return typeof parsed.tooLargeBytes === 'number' ? parsed.tooLargeBytes : undefined;
}

/** Writes a bill as the database does: for tests and for the sample bill. */
export function loadedText(loaded: SourceBill): string {
  const { billId, memberId, cycle, language, member, bill, items, months } = loaded;
  const { name, email, phone, address, grade } = member ?? noValues;
  const { billingMonth, totalAmount, vat, unpaidAmount, totalDiscountAmount } = bill ?? noValues;
  const { totalBilledAmount, monthlyFee, additionalFee, dueDate, issuedAt } = bill ?? noValues;
  const { paymentOwnerName, paymentName, paymentNumber, currency } = bill ?? noValues;
  const columns = [
    ...[billId, memberId, cycle],
    ...[name, email, phone, address, grade],
    ...[billingMonth, totalAmount, vat, unpaidAmount, totalDiscountAmount],
    ...[totalBilledAmount, monthlyFee, additionalFee, dueDate, issuedAt],
    ...[paymentOwnerName, paymentName, paymentNumber, language, currency],
  ];
  return JSON.stringify([
    columns.map(toText),
    items.map((item) => [item.category, item.subcategory, item.name, item.amount].map(toText)),
    months.map((month) => [month.billingMonth, month.totalBilledAmount].map(toText)),
  ]);
}

const noValues: Partial<LoadedMember & LoadedBillRow> = {};

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function readBill(parsed: unknown): CompleteBill {
  if (!Array.isArray(parsed) || !Array.isArray(parsed[0])) throw new Incomplete('the loaded bill');
  const [columns, items, months]: [unknown[], unknown, unknown] = [parsed[0], parsed[1], parsed[2]];
  return {
    billId: text(columns[0], 'billId'),
    memberId: text(columns[1], 'memberId'),
    cycle: whole(columns[2], 'cycle'),
    language: textOrNull(columns[21] ?? null, 'member.language'),
    member: readMember(columns.slice(3, 8)),
    bill: readRow(columns.slice(8, 21), columns[22]),
    items: readItems(items),
    months: rows(months, 'months').map(readMonth),
  };
}

function readMember([name, email, phone, address, grade]: unknown[]): LoadedMember {
  if (name === null && grade === null) throw new Incomplete('the member row');
  return {
    name: text(name, 'member.name'),
    email: textOrNull(email, 'member.email'),
    phone: textOrNull(phone, 'member.phone'),
    address: textOrNull(address, 'member.address'),
    grade: text(grade, 'member.grade'),
  };
}

function readRow(columns: unknown[], currency: unknown): LoadedBillRow {
  const [billingMonth, totalAmount, vat, unpaidAmount, totalDiscountAmount, ...rest] = columns;
  const [totalBilledAmount, monthlyFee, additionalFee, dueDate, issuedAt, ...payment] = rest;
  const [paymentOwnerName, paymentName, paymentNumber] = payment;
  if (columns.every((column) => column === null)) throw new Incomplete('the bill row');
  return {
    billingMonth: date(billingMonth, 'bill.billingMonth'),
    totalAmount: whole(totalAmount, 'bill.totalAmount'),
    vat: whole(vat, 'bill.vat'),
    unpaidAmount: whole(unpaidAmount, 'bill.unpaidAmount'),
    totalDiscountAmount: whole(totalDiscountAmount, 'bill.totalDiscountAmount'),
    totalBilledAmount: whole(totalBilledAmount, 'bill.totalBilledAmount'),
    monthlyFee: whole(monthlyFee, 'bill.monthlyFee'),
    additionalFee: whole(additionalFee, 'bill.additionalFee'),
    dueDate: dueDate === null ? null : date(dueDate, 'bill.dueDate'),
    issuedAt: text(issuedAt, 'bill.issuedAt'),
    paymentOwnerName: text(paymentOwnerName, 'bill.paymentOwnerName'),
    paymentName: text(paymentName, 'bill.paymentName'),
    paymentNumber: text(paymentNumber, 'bill.paymentNumber'),
    currency: currencyOrNull(currency),
  };
}

/** Reads the items. Their sums must be exact numbers too, since a bill never shows a rounded sum. */
function readItems(value: unknown): LoadedItem[] {
  const items = rows(value, 'items').map(readItem);
  const most = items.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  if (!Number.isSafeInteger(most)) throw new Incomplete('items');
  return items;
}

function readItem([category, subcategory, name, amount]: unknown[]): LoadedItem {
  return {
    category: categoryOf(category),
    subcategory: textOrNull(subcategory, 'items'),
    name: text(name, 'items'),
    amount: whole(amount, 'items'),
  };
}

function readMonth([billingMonth, totalBilledAmount]: unknown[]): LoadedMonth {
  return {
    billingMonth: date(billingMonth, 'months'),
    totalBilledAmount: whole(totalBilledAmount, 'months'),
  };
}

/** Thrown if a bill lacks a part; caught in this file. */
class Incomplete extends Error {
  readonly part: string;

  constructor(part: string) {
    super(part);
    this.part = part;
  }
}

function text(value: unknown, part: string): string {
  if (typeof value !== 'string') throw new Incomplete(part);
  return value;
}

function textOrNull(value: unknown, part: string): string | null {
  return value === null ? null : text(value, part);
}

function whole(value: unknown, part: string): number {
  const number = Number(text(value, part));
  if (!Number.isSafeInteger(number) || value === '') throw new Incomplete(part);
  return number;
}

function date(value: unknown, part: string): string {
  const day = text(value, part);
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Incomplete(part);
  return day;
}

function currencyOrNull(value: unknown): string | null {
  const code = textOrNull(value ?? null, 'bill.currency');
  if (code !== null && !/^[A-Z]{3}$/.test(code)) throw new Incomplete('bill.currency');
  return code;
}

function categoryOf(value: unknown): ItemCategory {
  switch (value) {
    case 'SUBSCRIPTION':
    case 'OVER_USAGE':
    case 'ONE_TIME_PURCHASE':
    case 'DISCOUNT':
      return value;
    default:
      throw new Incomplete('items');
  }
}

/** Null means no rows: the database aggregates none to null. */
function rows(value: unknown, part: string): unknown[][] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value) || !value.every(Array.isArray)) throw new Incomplete(part);
  return value;
}
