import type { ViewLinkOptions } from '../link/viewLinks.ts';
import type { PdfOptions } from '../pdf/attachment.ts';
import type { LanguageWords } from '../template/languageWords.ts';
import { createDayFormatter } from './billingDates.ts';
import { createValueWords, type ValueWords } from './valueWords.ts';

/** How bills of any currency are written in one language. */
export interface LanguageFormat {
  /** @param currency a code of ISO 4217; null: that of `CURRENCY` */
  wordsIn(currency: string | null): ValueWords;
  /** Writes an instant as a day in the time zone of the bills. */
  readonly dayOf: (instant: string) => string;
}

export interface FormatOptions {
  /** `TIME_ZONE`, an IANA name. */
  readonly timeZone: string;
  /** `CURRENCY`. Default `KRW`. */
  readonly currency?: string | undefined;
  /** `VIEW_LINK_...`: what `{{viewUrl}}` prints. Default: nothing. */
  readonly viewLinks?: ViewLinkOptions | undefined;
  /** `ATTACH_PDF`. Default: no attachment. */
  readonly pdf?: PdfOptions | undefined;
}

/**
 * Words are made once per currency, because making them takes longer than printing a bill.
 * @throws RangeError for an unknown time zone
 */
export function createLanguageFormat(
  words: LanguageWords,
  { timeZone, currency = 'KRW' }: FormatOptions,
): LanguageFormat {
  const standard = createValueWords(words, currency);
  const made = new Map([[currency, standard]]);
  return {
    wordsIn(wanted) {
      if (wanted === null) return standard;
      const known = made.get(wanted) ?? createValueWords(words, wanted);
      // Limited, because tables may hold any number of currencies, and memory is finite.
      if (made.size < mostCurrencies) made.set(wanted, known);
      return known;
    },
    dayOf: createDayFormatter(timeZone, standard.day),
  };
}

const mostCurrencies = 400;
