import { type EncryptedField, encryptedFields } from '../cipher/cipher.ts';
import { monthOf } from './billingDates.ts';
import { cleanText } from './cleanText.ts';
import type { FieldOpener } from './fieldOpener.ts';
import { maskAddress, maskEmail, maskName, maskPaymentNumber, maskPhone } from './masking.ts';
import type { ValueWords } from './valueWords.ts';

/*
 * A value that says how it is printed, as `load.sql` over a company's own tables writes it:
 *
 *   "text", 12.5, true, null                     as it is, in the language's form; null prints nothing
 *   {"money": 1250}                              minor units of the bill's currency
 *   {"date": "2026-11-25"}, {"month": "2026-11-01"}, {"day": "2026-11-25T03:00:00Z"}
 *   {"sealed": "name", "value": "v2:..."}        opened and masked; a field of CIPHER_FIELDS
 *   [{...}, {...}]                               for #each: each item has values of its own
 */

/** What values are printed with. */
export interface ValueTools {
  /** Amounts, numbers and dates in the language of the message and the currency of the bill. */
  readonly words: ValueWords;
  /** Writes an instant as a day in the time zone of the bills. */
  readonly dayOf: (instant: string) => string;
  readonly open: FieldOpener['open'];
}

export type Values = Readonly<Record<string, unknown>>;

/** A value in none of these forms. The message is its path, without the value. */
export class UnusableValue extends Error {}

/** The values in the form that templates print. @throws UnusableValue */
export function shownValues(values: Values, tools: ValueTools, path = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, shownValue(value, tools, `${path}${name}`)]),
  );
}

/** @throws UnusableValue */
export function shownValue(value: unknown, tools: ValueTools, path: string): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return tools.words.number(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shownValues(valuesOf(item, path), tools, `${path}.`));
  return shownTyped(valuesOf(value, path), tools, path);
}

function shownTyped(value: Values, tools: ValueTools, path: string): string | null {
  const sealed = sealedOf(value);
  if (sealed !== undefined) return shownSealed(sealed, tools);
  const [[kind, content] = ['', null], ...more] = Object.entries(value);
  if (more.length > 0) throw new UnusableValue(path);
  if (content === null) return null;
  switch (kind) {
    case 'money':
      return tools.words.amount(wholeOf(content, path));
    case 'date':
      return tools.words.day(dateOf(content, path));
    case 'month':
      return tools.words.month(monthOf(dateOf(content, path)));
    case 'day':
      return tools.dayOf(String(content));
    default:
      throw new UnusableValue(path);
  }
}

interface SealedContent {
  readonly field: EncryptedField;
  readonly value: string;
}

function sealedOf({ sealed, value }: Values): SealedContent | undefined {
  if (!isEncryptedField(sealed)) return undefined;
  return { field: sealed, value: typeof value === 'string' ? value : '' };
}

function shownSealed({ field, value }: SealedContent, { open, words }: ValueTools): string {
  const text = cleanText(open(field, value));
  const masked = masks[field](text);
  if (masked !== '') return masked;
  return field === 'name' ? words.nameless : '-';
}

const masks: Readonly<Record<EncryptedField, (text: string) => string>> = {
  name: maskName,
  email: (text) => (text === '' ? '' : maskEmail(text)),
  phone: maskPhone,
  address: maskAddress,
  paymentOwnerName: maskName,
  paymentNumber: maskPaymentNumber,
};

/** The sealed values of a bill, the first of each field. */
export function sealedValuesIn(value: unknown): Partial<Record<EncryptedField, string>> {
  const found: Partial<Record<EncryptedField, string>> = {};
  mapSealed(value, ({ field, value: text }) => {
    found[field] ??= text;
    return text;
  });
  return found;
}

/** The same values, with each sealed one replaced by `change`. */
export function mapSealed(value: unknown, change: (sealed: SealedContent) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSealed(item, change));
  if (!isRecord(value)) return value;
  const sealed = sealedOf(value);
  if (sealed !== undefined) return { ...value, value: change(sealed) };
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name, mapSealed(content, change)]),
  );
}

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valuesOf(value: unknown, path: string): Values {
  if (!isRecord(value)) throw new UnusableValue(path);
  return value;
}

function isEncryptedField(value: unknown): value is EncryptedField {
  return encryptedFields.some((field) => field === value);
}

/** A whole number, or one written as digits, which JSON does not round. */
function wholeOf(value: unknown, path: string): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new UnusableValue(path);
  return number;
}

function dateOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) throw new UnusableValue(path);
  return value;
}
