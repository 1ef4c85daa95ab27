/**
 * Masks for what a message or a page may show of a person. All of them count whole characters as a reader
 * sees them (grapheme clusters), so that no surrogate pair, accent or emoji is torn apart. Each shows less
 * than its rule says rather than more; docs/data.md has the rules.
 */

/**
 * `010-1234-5678` as `010-****-5678`, `01012345678` as `010****5678`: at most the first three and the last four
 * digits, and three hidden at least. Of fewer than eight digits the last half.
 */
export const maskPhone = (phone: string): string => {
  const digits = charactersOf(phone).filter(isDigit).length;
  if (digits < 8) return maskDigits(phone, 0, Math.floor(digits / 2));
  return maskDigits(phone, KOREAN_NUMBER.test(phone) ? phone.indexOf('-') : Math.min(3, digits - 7), 4);
};

/** The first two characters and `****` before the `@`; two or fewer stay as they are. */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  if (at === -1) return '****';
  const local = charactersOf(email.slice(0, at)).map(shown);
  return `${local.slice(0, 2).join('')}${local.length <= 2 ? '' : '****'}${email.slice(at)}`;
};

/**
 * `홍길동` as `홍*동`, `홍길` as `홍*`; of other scripts, and of names of several words, the first letter of each word.
 * At most three stars a word and three words, so that no name makes an SMS long. The legal form of a company,
 * as in `(주)`, is no name and stays.
 */
export const maskName = (name: string): string => {
  if (HANGUL_NAME.test(name)) return maskWord(name.split(''));
  const [before = ''] = LEGAL_FORM_FIRST.exec(name) ?? [];
  const [after = ''] = LEGAL_FORM_LAST.exec(name.slice(before.length)) ?? [];
  const rest = name.slice(before.length, name.length - after.length);
  return rest.trim() === '' ? maskWords(name) : `${before}${maskWords(rest)}${after}`;
};

/**
 * The province, the city and the street at most. The last word never stays, nor a word with a number at its end or
 * its beginning, nor what follows it; what is left out is `****`. A postal code in front goes.
 */
export const maskAddress = (address: string): string => {
  const words = wordsOf(address);
  if (words.length === 0) return '';
  const places = POSTAL_CODE.test(words[0] ?? '') ? words.slice(1) : words;
  const [only = ''] = places;
  if (words.length === 1 && places.length === 1) {
    return /^\P{N}{2}/u.test(only) ? `${charactersOf(only).slice(0, 2).map(shown).join('')}****` : '****';
  }
  const kept = places.slice(0, places.length > 3 ? 3 : Math.max(0, Math.min(2, places.length - 1)));
  const number = kept.findIndex((word) => HOUSE_NUMBER.test(word));
  return [...(number === -1 ? kept : kept.slice(0, number)), '****'].join(' ');
};

/** `1234-5678-9012-3456` as `****-****-****-3456`: the last four digits or letters of more than four stay. */
export const maskPaymentNumber = (number: string): string => {
  const characters = charactersOf(number);
  const counted = characters.map(isCounted);
  const count = counted.filter(Boolean).length;
  const hidden = count > 4 ? count - 4 : count;
  let index = 0;
  return characters
    .map((character, at) => (counted[at] === true && index++ < hidden ? '*' : shown(character)))
    .join('');
};

/** Too short to have a legal form in it. */
const HANGUL_NAME = /^[가-힣]{1,4}$/;
const KOREAN_NUMBER = /^\d{2,3}-\d{3,4}-\d{4}$/;
const LEGAL_FORMS =
  '주식회사|유한회사|합자회사|합명회사|유한책임회사|사단법인|재단법인|학교법인|의료법인|사회복지법인|㈜|\\([주유합사재학의]\\)';
const LEGAL_FORM_FIRST = new RegExp(`^(?:${LEGAL_FORMS}) ?`);
const LEGAL_FORM_LAST = new RegExp(` ?(?:${LEGAL_FORMS})$`);
/** `06236`, `(06236)`, and `135-080` of before 2015. */
const POSTAL_CODE = /^[[(]?(?:\d{5}|\d{3}-\d{3})[\])]?,?$/;
/** `123-4`, `101동`, `#12`, `테헤란로123`; not the number within `햇살로12번길`. */
const HOUSE_NUMBER = /^[^\p{L}\p{N}]*\p{N}|\p{N}(?:번지|호|층|동|가)?[^\p{L}\p{N}]*$/u;

/** Shows so many digits at either end; separators stay, letters do not. */
const maskDigits = (text: string, head: number, tail: number): string => {
  const characters = charactersOf(text);
  const digits = characters.filter(isDigit).length;
  let index = 0;
  return characters
    .map((character) => {
      if (!isDigit(character)) return isCounted(character) ? '*' : shown(character);
      index += 1;
      return index <= head || index > digits - tail ? character : '*';
    })
    .join('');
};

const isDigit = (character: string): boolean => /^[0-9]$/.test(character);

/** Whether a character tells something: a letter, a digit, or one that is masked already. */
const isCounted = (character: string): boolean =>
  character <= '~' ? /[0-9A-Za-z*]/.test(character) : /[\p{L}\p{N}*]/u.test(character);

const CJK = /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+$/u;
const MOST_WORDS = 3;
const MOST_STARS = 3;

const maskWords = (name: string): string => {
  const words = wordsOf(name).map(charactersOf);
  const [only] = words;
  if (only === undefined) return '';
  if (words.length === 1) return maskWord(only);
  const masked = words.slice(0, MOST_WORDS).map(keepFirst);
  return masked.some((word) => word.includes('*'))
    ? masked.join(' ')
    : `${only.map(shown).join('')} ${stars(words.length - 1)}`;
};

const maskWord = (characters: readonly string[]): string => {
  const [first = '', ...rest] = characters;
  if (rest.length === 0) return '*';
  const last = rest.length > 1 && CJK.test(characters.join('')) ? rest.pop() : '';
  return `${shown(first)}${stars(rest.length)}${shown(last ?? '')}`;
};

const keepFirst = ([first = '', ...rest]: readonly string[]): string =>
  `${shown(first)}${stars(rest.length)}`;

const stars = (count: number): string => '*'.repeat(Math.min(count, MOST_STARS));

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** A cluster that was made to hold a whole text is none that a reader takes for one character. */
const shown = (character: string): string =>
  character.length <= 2 || (character.length <= 16 && !/\p{L}\P{L}*\p{L}\P{L}*\p{L}/u.test(character))
    ? character
    : '*';

const SEGMENTER = new Intl.Segmenter('ko', { granularity: 'grapheme' });
// In these blocks every code unit is a character by itself, and a segmenter costs 100 times as much.
const SIMPLE = /^[\x20-\x7E\u3040-\u3098\u30A0-\u30FF\u3400-\u9FFF\uAC00-\uD7A3]*$/;

const charactersOf = (text: string): string[] =>
  SIMPLE.test(text) ? text.split('') : Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
