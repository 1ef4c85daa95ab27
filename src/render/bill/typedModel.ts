import { BillcastError } from '../../errors.ts';
import { isAbroad } from '../../lib/abroadNumber.ts';
import { type EncryptedField, encryptedFields } from '../cipher/cipher.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import { builtInWords } from '../template/languageWords.ts';
import type { Scope } from '../template/printer.ts';
import { type BillModel, type LoadedBill, openPlain, type ReadBill, type ViewMaking } from './billModel.ts';
import { lackingFields } from './lackingFields.ts';
import { createLanguageFormat, type FormatOptions, type LanguageFormat } from './languageFormat.ts';
import { readPhoneNumber } from './phoneNumber.ts';
import { isRecord, mapSealed, sealedValuesIn, shownValue, shownValues } from './typedValue.ts';
import type { BillDetails, ViewModule } from './viewModule.ts';

/** A bill of a company's own tables: the `data` of `load.sql`. */
interface TypedBill extends LoadedBill, BillDetails {
  readonly email: string | null;
  readonly phone: string | null;
  readonly nothingDue: boolean;
}

export interface TypedModelOptions extends FormatOptions {
  /** `sample.json`: the `data` of a made-up bill, with its values unsealed. */
  readonly sample: string;
  /** `VIEW_MODULE`. Without it, each field is printed as its own type says. */
  readonly view?: ViewModule | undefined;
}

/** The model of bills whose values say themselves how they are printed, see `typedValue.ts`. */
export function createTypedModel({ sample, view, ...formatOptions }: TypedModelOptions): BillModel {
  const sampleBill = sampleOf(sample);
  const sampleView = (format: LanguageFormat): Scope => viewOf(sampleBill, { open: openPlain, format }, view);
  return {
    read(text) {
      const bill = billOf(text);
      if ('kind' in bill) return bill;
      const detail = view?.check?.(bill);
      return detail === undefined ? { kind: 'complete', bill } : incomplete(detail);
    },
    contactsOf: (bill: TypedBill) => bill,
    figuresOf: () => ({ items: null, lastMonth: null }),
    isNothingDue: (bill: TypedBill) => bill.nothingDue,
    emailView: (bill: TypedBill, _to, tools) => viewOf(bill, tools, view),
    textView: (bill: TypedBill, tools) => viewOf(bill, tools, view),
    sampleViews() {
      const scope = sampleView(createLanguageFormat(builtInWords('en'), formatOptions));
      return { email: scope, text: scope };
    },
    sampleText: (ciphers, language) => sealedSample(sample, { ...sampleBill, language }, ciphers),
    textForecast(format) {
      if (isOfAbroad(sampleBill)) return undefined;
      const scope = sampleView(format);
      return { usual: scope, longest: scope };
    },
    lackingFields: (bill: TypedBill) => lackingFields(bill.fields, sampleBill.fields),
    sealedFieldsOf(text) {
      const bill = billOf(text);
      if ('kind' in bill) return undefined;
      const { memberId, email, phone } = bill;
      const values = { ...sealedValuesIn(bill.fields), email, phone };
      const all = encryptedFields.map((field) => [field, values[field] ?? null] as const);
      return { memberId, values: Object.fromEntries(all) as Record<EncryptedField, string | null> };
    },
  };
}

/**
 * Whether the sample's phone number is foreign. Then the members most likely live abroad, where no carrier
 * counts in CP949.
 */
function isOfAbroad({ phone }: TypedBill): boolean {
  const read = readPhoneNumber(phone ?? '');
  return read.kind === 'usable' && isAbroad(read.to);
}

function viewOf(bill: TypedBill, { open, format }: ViewMaking, view: ViewModule | undefined): Scope {
  const tools = { open, words: format.wordsIn(bill.currency), dayOf: format.dayOf };
  if (view === undefined) return shownValues(bill.fields, tools);
  return view.view(bill, {
    ...tools,
    show: (value) => shownValue(value, tools, 'a value of the view'),
    showAll: (values) => shownValues(values, tools),
  });
}

/** @throws BillcastError SOURCE_INVALID */
function sampleOf(text: string): TypedBill {
  const bill = billOf(text);
  if (!('kind' in bill)) return bill;
  const why = bill.kind === 'incomplete' ? bill.detail : 'it is too large';
  throw new BillcastError('SOURCE_INVALID', `sample.json: ${why} (docs/data.md says what it holds)`);
}

/** Reads `data`; docs/data.md describes its parts. */
function billOf(text: string): TypedBill | Exclude<ReadBill, { kind: 'complete' }> {
  const data = parsedOf(text);
  if (!isRecord(data)) return incomplete('the loaded bill is no JSON object');
  if (typeof data.tooLargeBytes === 'number') return { kind: 'tooLarge', bytes: data.tooLargeBytes };
  const { member, email, phone, language, currency, nothingDue, fields } = data;
  if (typeof member !== 'string') return incomplete(notUsable('member'));
  if (!isRecord(fields)) return incomplete(notUsable('fields'));
  const texts = { email, phone, language, currency };
  const wrong = Object.entries(texts).find(([, value]) => !isTextOrNone(value));
  if (wrong !== undefined) return incomplete(notUsable(wrong[0]));
  if (typeof currency === 'string' && !/^[A-Z]{3}$/.test(currency)) return incomplete(notUsable('currency'));
  return {
    memberId: member,
    email: textOf(email),
    phone: textOf(phone),
    language: textOf(language),
    currency: textOf(currency),
    nothingDue: nothingDue === true,
    fields,
  };
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function incomplete(detail: string): { readonly kind: 'incomplete'; readonly detail: string } {
  return { kind: 'incomplete', detail };
}

function notUsable(part: string): string {
  return `${part} is missing or not usable`;
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Seals the values that are unsealed in the sample. */
function sealedSample(sample: string, bill: TypedBill, ciphers: FieldCiphers): string {
  const seal = (field: EncryptedField, text: string) => ciphers.seal(field, bill.memberId, text);
  const { email, phone, language } = bill;
  return JSON.stringify({
    ...(JSON.parse(sample) as object),
    language,
    email: email === null ? null : seal('email', email),
    phone: phone === null ? null : seal('phone', phone),
    fields: mapSealed(bill.fields, ({ field, value }) => seal(field, value)),
  });
}
