import type { EncryptedField } from '../cipher/cipher.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import type { Scope } from '../template/printer.ts';
import type { FieldOpener } from './fieldOpener.ts';
import type { LanguageFormat } from './languageFormat.ts';
import type { SealedFields } from './sealedFields.ts';

/** What every loaded bill has, whatever its shape. */
export interface LoadedBill {
  /** The member's id as the billing system writes it: its sealed values are bound to it. */
  readonly memberId: string;
  /** The member's language, a BCP 47 tag; null: `TEMPLATE_LANGUAGE`. */
  readonly language: string | null;
}

export type ReadBill =
  | { readonly kind: 'complete'; readonly bill: LoadedBill }
  /** `detail` names what is missing or wrong, and holds no value of the bill. */
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** The database did not send the bill's text. */
  | { readonly kind: 'tooLarge'; readonly bytes: number };

/**
 * What a view is made with: the language of the message, and the function that opens the bill's sealed
 * values.
 */
export interface ViewMaking {
  readonly open: FieldOpener['open'];
  readonly format: LanguageFormat;
}

/** A member's sealed contacts; null if nothing is stored. */
export interface SealedContacts {
  readonly email: string | null;
  readonly phone: string | null;
}

/**
 * The facts about a bill, besides its amount, that a forecast uses; null if bills of this shape do not have
 * them.
 */
export interface BillFigures {
  /** The number of lines on the bill. */
  readonly items: number | null;
  /** The sum of the member's bills of the month before, in minor units; null also if there were none. */
  readonly lastMonth: number | null;
}

/** Sample views of both kinds of messages. */
export interface SampleViews {
  readonly email: Scope;
  readonly text: Scope;
}

/**
 * Turns loaded bills into views, which templates print. There is one model per shape of bills. A model's
 * functions take only bills that its own `read` gave.
 */
export interface BillModel {
  /** Reads and checks the bill that `load.sql` gives. */
  read(text: string): ReadBill;
  contactsOf(bill: LoadedBill): SealedContacts;
  figuresOf(bill: LoadedBill): BillFigures;
  /** Whether there is nothing to pay. */
  isNothingDue(bill: LoadedBill): boolean;
  /** @param to the member's opened address */
  emailView(bill: LoadedBill, to: string, tools: ViewMaking): Scope;
  textView(bill: LoadedBill, tools: ViewMaking): Scope;
  /** Views of a made-up bill that has something in every place: templates are checked against them. */
  sampleViews(): SampleViews;
  /** That bill in the form in which the database gives bills, of a member with this language. */
  sampleText(ciphers: FieldCiphers, language: string | null): string;
  /**
   * Views that give short texts of usual and of greatest length; undefined if the sample's member lives
   * abroad.
   */
  textForecast(format: LanguageFormat): { readonly usual: Scope; readonly longest: Scope } | undefined;
  /** Fields that the sample has and a loaded bill lacks. Templates print nothing for them. */
  lackingFields(bill: LoadedBill): readonly string[];
  /** The sealed values of a loaded bill, which may be incomplete; undefined if the text is no bill. */
  sealedFieldsOf(text: string): SealedFields | undefined;
}

/** Opens values of samples, which are not sealed. */
export function openPlain(_field: EncryptedField, value: string): string {
  return value;
}
