/**
 * Masks for what a message or a page may show of a person. All of them count whole characters as a reader
 * sees them (grapheme clusters), so that no surrogate pair, accent or emoji is torn apart.
 */

/** `010-1234-5678` as `010-****-5678`, `01012345678` as `010****5678`; other numbers keep three and four digits. */
export const maskPhone = (phone: string): string => {
  const groups = phone.split('-');
  const [head, middle, tail] = groups;
  if (groups.length === 3 && head && middle && tail && phone.length >= 9) {
    return `${head}-${stars(middle)}-${tail}`;
  }
  const digits = charactersOf(phone).filter(isDigit).length;
  return digits < 8 ? maskDigits(phone, 0, Math.floor(digits / 2)) : maskDigits(phone, 3, 4);
};

/** The first two characters and `****` before the `@`; two or fewer stay as they are. */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  if (at === -1) return '****';
  const local = charactersOf(email.slice(0, at));
  return local.length <= 2 ? email : `${local[0]}${local[1]}****${email.slice(at)}`;
};

/** `홍길동` as `홍*동`, `홍길` as `홍*`; of other scripts, and of names of several words, the first letter of each word. */
export const maskName = (name: string): string => {
  const words = name.split(' ').filter((word) => word !== '');
  const [only] = words;
  if (only === undefined) return '';
  if (words.length === 1) return maskWord(charactersOf(only));
  const masked = words.map((word) => keepFirst(charactersOf(word)));
  return masked.some((word) => word.includes('*'))
    ? masked.join(' ')
    : `${only} ${stars(words.slice(1).join(''))}`;
};

/** The province, the city and the street at most: the last word never stays, and what is left out is `****`. */
export const maskAddress = (address: string): string => {
  const words = address.split(' ').filter((word) => word !== '');
  const [only] = words;
  if (only === undefined) return '';
  if (words.length === 1) return `${charactersOf(only).slice(0, 2).join('')}****`;
  const kept = words.length > 3 ? 3 : Math.min(2, words.length - 1);
  return `${words.slice(0, kept).join(' ')} ****`;
};

/** `1234-5678-9012-3456` as `****-****-****-3456`: the last four digits or letters of more than four stay. */
export const maskPaymentNumber = (number: string): string => {
  const characters = charactersOf(number);
  const count = characters.filter(isCounted).length;
  const hidden = count > 4 ? count - 4 : count;
  let index = 0;
  return characters.map((character) => (isCounted(character) && index++ < hidden ? '*' : character)).join('');
};

/** Shows so many digits at either end; separators stay, letters do not. */
const maskDigits = (text: string, head: number, tail: number): string => {
  const characters = charactersOf(text);
  const digits = characters.filter(isDigit).length;
  let index = 0;
  return characters
    .map((character) => {
      if (!isDigit(character)) return isCounted(character) ? '*' : character;
      index += 1;
      return index <= head || index > digits - tail ? character : '*';
    })
    .join('');
};

const isDigit = (character: string): boolean => /^[0-9]$/.test(character);

/** Whether a character tells something: a letter, a digit, or one that is masked already. */
const isCounted = (character: string): boolean => /^[\p{L}\p{N}*]/u.test(character);

const CJK = /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+$/u;

const maskWord = (characters: readonly string[]): string => {
  const [first = '', ...rest] = characters;
  if (rest.length === 0) return '*';
  const last = rest.length > 1 && CJK.test(characters.join('')) ? rest.pop() : '';
  return `${first}${'*'.repeat(rest.length)}${last}`;
};

const keepFirst = ([first = '', ...rest]: readonly string[]): string => `${first}${'*'.repeat(rest.length)}`;

const stars = (text: string): string => '*'.repeat(charactersOf(text).length);

const SEGMENTER = new Intl.Segmenter('ko', { granularity: 'grapheme' });
// In these blocks every code unit is a character by itself, and a segmenter costs 100 times as much.
const SIMPLE = /^[\x20-\x7E\u3040-\u3098\u30A0-\u30FF\u3400-\u9FFF\uAC00-\uD7A3]*$/;

const charactersOf = (text: string): string[] =>
  SIMPLE.test(text) ? text.split('') : Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
