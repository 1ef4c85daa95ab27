import type { CompleteBill } from './loadedBill.ts';

export type ParsedBill =
  | { readonly kind: 'complete'; readonly bill: CompleteBill }
  | { readonly kind: 'incomplete'; readonly detail: string };

/**
 * Reads one bill's JSON text. `detail` names what is missing and holds no value of the bill.
 *
 * Checked by hand: a schema library costs more a bill than rendering it.
 */
export const parseLoadedBill = (json: string): ParsedBill => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { kind: 'incomplete', detail: 'the loaded bill is not JSON' };
  }
  const missing = whatIsMissing(parsed);
  return isComplete(parsed, missing)
    ? { kind: 'complete', bill: parsed }
    : { kind: 'incomplete', detail: `${missing} is missing or not usable` };
};

const isComplete = (_parsed: unknown, missing: string | undefined): _parsed is CompleteBill =>
  missing === undefined;

const whatIsMissing = (parsed: unknown): string | undefined => {
  if (!isRecord(parsed)) return 'the loaded bill';
  const { billId, member, bill, items, months } = parsed;
  if (typeof billId !== 'string') return 'billId';
  if (!isRecord(member)) return 'the member row';
  if (!isRecord(bill)) return 'the bill row';
  return (
    missingOfMember(member) ??
    missingOfBill(bill) ??
    (Array.isArray(items) && items.every(isItem) ? undefined : 'items') ??
    (Array.isArray(months) && months.every(isMonth) ? undefined : 'months')
  );
};

const missingOfMember = (member: Row): string | undefined => {
  if (typeof member.name !== 'string') return 'member.name';
  if (typeof member.grade !== 'string') return 'member.grade';
  const missing = ['email', 'phone', 'address'].find((field) => !isTextOrNull(member[field]));
  return missing === undefined ? undefined : `member.${missing}`;
};

const BILL_AMOUNTS = ['totalAmount', 'vat', 'unpaidAmount', 'totalBilledAmount'];
const BILL_TEXTS = ['issuedAt', 'paymentOwnerName', 'paymentName', 'paymentNumber'];

const missingOfBill = (bill: Row): string | undefined => {
  if (!isDate(bill.billingMonth)) return 'bill.billingMonth';
  if (bill.dueDate !== null && !isDate(bill.dueDate)) return 'bill.dueDate';
  const missing =
    BILL_AMOUNTS.find((field) => !Number.isSafeInteger(bill[field])) ??
    BILL_TEXTS.find((field) => typeof bill[field] !== 'string');
  return missing === undefined ? undefined : `bill.${missing}`;
};

const isItem = (item: unknown): boolean =>
  isRecord(item) &&
  typeof item.category === 'string' &&
  typeof item.name === 'string' &&
  isTextOrNull(item.subcategory) &&
  Number.isSafeInteger(item.amount);

const isMonth = (month: unknown): boolean =>
  isRecord(month) && isDate(month.billingMonth) && Number.isSafeInteger(month.totalBilledAmount);

type Row = Record<string, unknown>;

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null;

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

const isDate = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
