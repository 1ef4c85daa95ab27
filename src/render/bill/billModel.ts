import type { EncryptedField } from '../cipher/cipher.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import type { Scope } from '../template/printer.ts';
import type { FieldOpener } from './fieldOpener.ts';
import type { LanguageFormat } from './languageFormat.ts';
import type { SealedFields } from './sealedFields.ts';

/** What every loaded bill says of itself, whatever its shape. */
export interface LoadedBill {
  /** What its sealed values are bound to: the member's id as the billing system writes it. */
  readonly memberId: string;
  /** The member's language, a BCP 47 tag; null: `TEMPLATE_LANGUAGE`. */
  readonly language: string | null;
}

export type ReadBill =
  | { readonly kind: 'complete'; readonly bill: LoadedBill }
  /** `detail` names what is missing or wrong, and holds no value of the bill. */
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** The database did not send its text. */
  | { readonly kind: 'tooLarge'; readonly bytes: number };

/** What a view is made with: the language of the message, and what opens the bill's sealed values. */
export interface ViewMaking {
  readonly open: FieldOpener['open'];
  readonly format: LanguageFormat;
}

/** A member's contacts, sealed; null if nothing is stored. */
export interface SealedContacts {
  readonly email: string | null;
  readonly phone: string | null;
}

/** What a forecast reads of a bill besides its amount; null is what the shape of bills does not say. */
export interface BillFigures {
  /** Lines of the bill. */
  readonly items: number | null;
  /** The sum of the member's bills of the month before, in minor units; null also if there is none. */
  readonly lastMonth: number | null;
}

/** What the templates of both kinds of messages print. */
export interface SampleViews {
  readonly email: Scope;
  readonly text: Scope;
}

/**
 * How a loaded bill becomes what the templates print: one model for each shape of bills. A model is given
 * only bills that it has read.
 */
export interface BillModel {
  /** Reads a bill as `load.sql` gives it, and checks it. */
  read(text: string): ReadBill;
  contactsOf(bill: LoadedBill): SealedContacts;
  figuresOf(bill: LoadedBill): BillFigures;
  /** Whether there is nothing to pay. */
  isNothingDue(bill: LoadedBill): boolean;
  /** @param to the opened address */
  emailView(bill: LoadedBill, to: string, tools: ViewMaking): Scope;
  textView(bill: LoadedBill, tools: ViewMaking): Scope;
  /** Of a bill with something in every place, that templates are checked against; nobody's. */
  sampleViews(): SampleViews;
  /** That bill as the database hands it over, of a member of this language. */
  sampleText(ciphers: FieldCiphers, language: string | null): string;
  /** Bills whose short texts are as long as usual, and as can be; undefined if the sample is of abroad. */
  textForecast(format: LanguageFormat): { readonly usual: Scope; readonly longest: Scope } | undefined;
  /** The fields that the sample has and a loaded bill lacks: a template prints nothing for them. */
  lackingFields(bill: LoadedBill): readonly string[];
  /** The sealed values of a loaded bill, which may be incomplete; undefined if it is none. */
  sealedFieldsOf(text: string): SealedFields | undefined;
}

/** For samples, which are not sealed. */
export function openPlain(_field: EncryptedField, value: string): string {
  return value;
}
