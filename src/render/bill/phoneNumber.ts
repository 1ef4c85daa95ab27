import { homeCountry } from '../../homeCountry.ts';
import type { HomeNumbers } from '../../lib/homeNumbers.ts';
import { type Contact, longestContact, noContact, tells, tidied, unusable, usable } from './contact.ts';

type ReadPhoneNumber = (stored: string) => Contact;

/**
 * Reads a stored phone number as people write them. Of several numbers the first mobile one counts, if all of
 * them are numbers. Korean ones have the form of the country, `01012345678`; if they are written with digits
 * and hyphens only, they go out as they stand.
 */
export const readPhoneNumber = createPhoneReader(homeCountry.numbers);

/** @param home of another country than Korea: there, all numbers go out in E.164 */
export function createPhoneReader(home: HomeNumbers | undefined): ReadPhoneNumber {
  if (home === undefined) return readInKorea;
  const rules: Rules = {
    numberIn: (written) => numberAt(home, written),
    isMobile: (number) => home.isMobile(number),
  };
  return (stored) => readWritten(stored, rules);
}

function readInKorea(stored: string): Contact {
  return ordinary.test(stored) ? usable(stored) : readWritten(stored, koreanRules);
}

type Rules = Pick<HomeNumbers, 'numberIn' | 'isMobile'>;

function readWritten(stored: string, { numberIn, isMobile }: Rules): Contact {
  if (stored.length > longestContact) return unusable;
  const text = tidied(stored).replace(hyphens, '-').replace(/^tel:/i, '');
  if (!tells(text)) return noContact;
  const single = numberIn(text);
  if (single !== undefined) return usable(single);
  const numbers = text
    .split(/[;,\n]/)
    .flatMap((part) => (numberIn(part) === undefined ? part.split('/') : [part]))
    .filter((part) => part.trim() !== '')
    .map(numberIn);
  const [first] = numbers;
  if (first === undefined || numbers.includes(undefined)) return unusable;
  return usable(numbers.find((number) => number !== undefined && isMobile(number)) ?? first);
}

const ordinary = /^0\d{1,2}-?\d{3,4}-?\d{4}$/;
const mobile = /^01[016789]/;
const koreanRules: Rules = { numberIn: koreanNumber, isMobile: (number) => mobile.test(number) };
// Hyphens, dashes, minus signs, and the letters ㅡ and ー, which look like them on a Korean and a Japanese
// keyboard.
const hyphens = /[\u2010-\u2015\u2212\u00ad\ufe63\uff0d\u3161\u30fc]/g;

function koreanNumber(written: string): string | undefined {
  const text = uncounted(written);
  if (!/^\+?[0-9 .()-]{7,30}$/.test(text)) return undefined;
  const digits = text.replaceAll(/[^0-9]/g, '');
  const number = inKorea(digits, text.startsWith('+')) ?? (text.startsWith('+') ? `+${digits}` : digits);
  const count = number.replace('+', '').length;
  // E.164 allows 15 digits.
  if (count < 7 || count > 15) return undefined;
  return number === digits && /^[0-9-]+$/.test(text) ? text : number;
}

/** A stroke stands behind an area code in some countries, as in `0470/12.34.56`; not before an extension. */
function numberAt(home: HomeNumbers, written: string): string | undefined {
  const text = uncounted(written);
  return /^\+?[0-9 ./()-]{7,30}$/.test(text) && atMostOneStroke.test(text) ? home.numberIn(text) : undefined;
}

const atMostOneStroke = /^(?:(?:\+[^/]{2,12}|[^/]{2,8})\/(?=[^/]{5}))?[^/]+$/;

/** A spreadsheet writes `1012345678.0`. */
function uncounted(written: string): string {
  return written.trim().replace(/^(\d+)\.0$/, '$1');
}

/** The number as it is called in Korea, if it was written with the country's code or lost its first zero. */
function inKorea(digits: string, international: boolean): string | undefined {
  const abroad = /^(?:00)?82(.+)$/.exec(digits)?.[1];
  if (abroad !== undefined && (international || digits.startsWith('00') || abroadMobile.test(abroad))) {
    return `0${abroad.replace(/^0/, '')}`;
  }
  // A spreadsheet took it for a number.
  return /^1[016789]\d{7,8}$/.test(digits) && !international ? `0${digits}` : undefined;
}

const abroadMobile = /^0?1[016789]\d{7,8}$/;
