import { type Contact, longestContact, noContact, tells, tidied, unusable, usable } from './contact.ts';

/**
 * Reads a stored phone number as people write them. A number of digits and hyphens goes out as it stands, any
 * other as digits; Korean ones in the form of the country, `01012345678`. Of several numbers the first mobile
 * one counts, if all of them are numbers.
 */
export function readPhoneNumber(stored: string): Contact {
  if (ordinary.test(stored)) return usable(stored);
  if (stored.length > longestContact) return unusable;
  const text = tidied(stored).replace(hyphens, '-').replace(/^tel:/i, '');
  if (!tells(text)) return noContact;
  const single = numberIn(text);
  if (single !== undefined) return usable(single);
  const numbers = text
    .split(/[;,/\n]/)
    .filter((part) => part.trim() !== '')
    .map(numberIn);
  const [first] = numbers;
  if (first === undefined || numbers.includes(undefined)) return unusable;
  return usable(numbers.find((number) => number !== undefined && mobile.test(number)) ?? first);
}

const ordinary = /^0\d{1,2}-?\d{3,4}-?\d{4}$/;
const mobile = /^01[016789]/;
// Hyphens, dashes, minus signs, and the letters ㅡ and ー, which look like them on a Korean and a Japanese
// keyboard.
const hyphens = /[\u2010-\u2015\u2212\u00ad\ufe63\uff0d\u3161\u30fc]/g;

function numberIn(written: string): string | undefined {
  const text = written.trim().replace(/^(\d+)\.0$/, '$1');
  if (!/^\+?[0-9 .()-]{7,30}$/.test(text)) return undefined;
  const digits = text.replaceAll(/[^0-9]/g, '');
  const number = inKorea(digits, text.startsWith('+')) ?? (text.startsWith('+') ? `+${digits}` : digits);
  const count = number.replace('+', '').length;
  // E.164 allows 15 digits.
  if (count < 7 || count > 15) return undefined;
  return number === digits && /^[0-9-]+$/.test(text) ? text : number;
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
