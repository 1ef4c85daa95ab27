import { homeCountry } from '../../homeCountry.ts';
import type { HomeNumbers } from '../../lib/homeNumbers.ts';
import { type Contact, longestContact, noContact, tells, tidied, unusable, usable } from './contact.ts';

type ReadPhoneNumber = (stored: string) => Contact;

/**
 * Reads a stored phone number as people write them. If there are several, the first mobile one counts,
 * provided that all of them are numbers. Korean numbers get their domestic form, `01012345678`. If they
 * consist of digits and hyphens only, they go out as they are.
 */
export const readPhoneNumber = createPhoneReader(homeCountry.numbers);

/** @param home a country other than Korea: then all numbers go out in E.164 */
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
// Hyphens, dashes, minus signs, and the letters ㅡ and ー, which look like hyphens on a Korean and a Japanese
// keyboard.
const hyphens = /[\u2010-\u2015\u2212\u00ad\ufe63\uff0d\u3161\u30fc]/g;

function koreanNumber(written: string): string | undefined {
  const text = uncounted(written);
  if (!/^\+?[0-9 .()-]{7,30}$/.test(text)) return undefined;
  const digits = text.replaceAll(/[^0-9]/g, '');
  const number = inKorea(digits, text.startsWith('+')) ?? (text.startsWith('+') ? `+${digits}` : digits);
  const count = number.replace('+', '').length;
  // The limit of E.164 is 15 digits.
  if (count < 7 || count > 15) return undefined;
  return number === digits && /^[0-9-]+$/.test(text) ? text : number;
}

/**
 * In some countries a slash follows the area code, as in `0470/12.34.56`. A slash before an extension is
 * something else.
 */
function numberAt(home: HomeNumbers, written: string): string | undefined {
  const text = uncounted(written);
  return /^\+?[0-9 ./()-]{7,30}$/.test(text) && atMostOneStroke.test(text) ? home.numberIn(text) : undefined;
}

const atMostOneStroke = /^(?:(?:\+[^/]{2,12}|[^/]{2,8})\/(?=[^/]{5}))?[^/]+$/;

/** Removes the `.0` of a spreadsheet that took the number for an amount: `1012345678.0`. */
function uncounted(written: string): string {
  return written.trim().replace(/^(\d+)\.0$/, '$1');
}

/** The Korean number in its domestic form, if it had the country code or lost its first zero. */
function inKorea(digits: string, international: boolean): string | undefined {
  const abroad = /^(?:00)?82(0?[1-9].*)$/.exec(digits)?.[1];
  if (abroad !== undefined && (international || digits.startsWith('00') || abroadMobile.test(abroad))) {
    return `0${abroad.replace(/^0/, '')}`;
  }
  // A spreadsheet dropped the leading zero.
  return /^1[016789]\d{7,8}$/.test(digits) && !international ? `0${digits}` : undefined;
}

const abroadMobile = /^0?1[016789]\d{7,8}$/;
