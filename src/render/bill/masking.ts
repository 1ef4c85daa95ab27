/**
 * Masks for what a message or a page may show about a person. They count whole characters as a reader sees
 * them (grapheme clusters), so that no surrogate pair, accent or emoji is split. If in doubt, they hide more
 * than the rules in docs/data.md ask for.
 */

/**
 * `010-1234-5678` becomes `010-****-5678`, `01012345678` becomes `010****5678`: at most the first three and
 * the last four digits are shown, and at least three are hidden. Of fewer than eight digits the last half is
 * shown.
 */
export function maskPhone(phone: string): string {
  const digits = charactersOf(phone).filter(isDigit).length;
  if (digits < 8) return maskDigits(phone, 0, Math.floor(digits / 2));
  return maskDigits(phone, koreanNumber.test(phone) ? phone.indexOf('-') : Math.min(3, digits - 7), 4);
}

/** The first two characters and `****` before the `@`; two or fewer stay as they are. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at === -1) return '****';
  const local = charactersOf(email.slice(0, at)).map(shown);
  return `${local.slice(0, 2).join('')}${local.length <= 2 ? '' : '****'}${email.slice(at)}`;
}

/**
 * `홍길동` becomes `홍*동`, `홍길` becomes `홍*`. In other scripts, and in names of several words, the first letter
 * of each word is shown. At most three stars per word and three words are kept, so that no name makes an SMS
 * long. A company's legal form, such as `(주)`, is no name and stays.
 */
export function maskName(name: string): string {
  if (hangulName.test(name)) return maskHangul(name);
  const [before = ''] = legalFormFirst.exec(name) ?? [];
  const [after = ''] = legalFormLast.exec(name.slice(before.length)) ?? [];
  const rest = name.slice(before.length, name.length - after.length);
  return rest.trim() === '' ? maskWords(name) : `${before}${maskWords(rest)}${after}`;
}

/**
 * Shows the province, the city and the street at most. The last word is always hidden. So is the first word
 * that begins or ends with a number, and everything after it; `****` stands for what is hidden. A postal code
 * in front is removed.
 */
export function maskAddress(address: string): string {
  const words = wordsOf(address);
  if (words.length === 0) return '';
  const places = postalCode.test(words[0] ?? '') ? words.slice(1) : words;
  const [only = ''] = places;
  if (words.length === 1 && places.length === 1) {
    return /^\P{N}{2}/u.test(only) ? `${charactersOf(only).slice(0, 2).map(shown).join('')}****` : '****';
  }
  const kept = places.slice(0, places.length > 3 ? 3 : Math.max(0, Math.min(2, places.length - 1)));
  const number = kept.findIndex((word) => houseNumber.test(word));
  return [...(number === -1 ? kept : kept.slice(0, number)), '****'].join(' ');
}

/**
 * `1234-5678-9012-3456` becomes `****-****-****-3456`: if there are more than four digits or letters, the
 * last four are shown.
 */
export function maskPaymentNumber(number: string): string {
  const characters = charactersOf(number);
  const count = characters.filter(isCounted).length;
  let hidden = count > 4 ? count - 4 : count;
  let masked = '';
  for (const character of characters) {
    const isHidden = hidden > 0 && isCounted(character);
    if (isHidden) hidden--;
    masked += isHidden ? '*' : shown(character);
  }
  return masked;
}

/** A name in Hangul that is too short to contain a legal form. */
const hangulName = /^[가-힣]{1,4}$/;
const koreanNumber = /^\d{2,3}-\d{3,4}-\d{4}$/;
const legalForms =
  '주식회사|유한회사|합자회사|합명회사|유한책임회사|사단법인|재단법인|학교법인|의료법인|사회복지법인|㈜|\\([주유합사재학의]\\)';
const legalFormFirst = new RegExp(`^(?:${legalForms}) ?`);
const legalFormLast = new RegExp(` ?(?:${legalForms})$`);
/** `06236`, `(06236)`, or the form before 2015, `135-080`. */
const postalCode = /^[[(]?(?:\d{5}|\d{3}-\d{3})[\])]?,?$/;
/** `123-4`, `101동`, `#12`, `테헤란로123`; not a number inside a word, as in `햇살로12번길`. */
const houseNumber = /^[^\p{L}\p{N}]*\p{N}|\p{N}(?:번지|호|층|동|가)?[^\p{L}\p{N}]*$/u;

/** Shows so many digits at each end; separators stay, letters do not. */
function maskDigits(text: string, head: number, tail: number): string {
  const characters = charactersOf(text);
  const digits = characters.filter(isDigit).length;
  let index = 0;
  return characters
    .map((character) => {
      if (!isDigit(character)) return isCounted(character) ? '*' : shown(character);
      index++;
      return index <= head || index > digits - tail ? character : '*';
    })
    .join('');
}

function isDigit(character: string): boolean {
  return character.length === 1 && character >= '0' && character <= '9';
}

/** Whether a character carries information: a letter, a digit, or one that is masked already. */
function isCounted(character: string): boolean {
  if (character.length === 1 && character <= '9') return character >= '0' || character === '*';
  return /[\p{L}\p{N}*]/u.test(character);
}

const cjk = /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+$/u;
const mostWords = 3;
const mostStars = 3;

function maskWords(name: string): string {
  const words = wordsOf(name).map(charactersOf);
  const [only] = words;
  if (only === undefined) return '';
  if (words.length === 1) return maskWord(only);
  const masked = words.slice(0, mostWords).map(keepFirst);
  return masked.some((word) => word.includes('*'))
    ? masked.join(' ')
    : `${only.map(shown).join('')} ${stars(words.length - 1)}`;
}

/** Does the same as `maskWord`, faster, for nearly all names. */
function maskHangul(name: string): string {
  const { length } = name;
  if (length === 1) return '*';
  return length === 2
    ? `${name.charAt(0)}*`
    : `${name.charAt(0)}${stars(length - 2)}${name.charAt(length - 1)}`;
}

function maskWord(characters: readonly string[]): string {
  const [first = '', ...rest] = characters;
  if (rest.length === 0) return '*';
  const last = rest.length > 1 && cjk.test(characters.join('')) ? rest.pop() : '';
  return `${shown(first)}${stars(rest.length)}${shown(last ?? '')}`;
}

function keepFirst([first = '', ...rest]: readonly string[]): string {
  return `${shown(first)}${stars(rest.length)}`;
}

function stars(count: number): string {
  return '*'.repeat(Math.min(count, mostStars));
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

/**
 * If a cluster was built to contain a whole text, a reader would not take it for one character: it is hidden.
 */
function shown(character: string): string {
  return character.length <= 2 || (character.length <= 16 && !/\p{L}\P{L}*\p{L}\P{L}*\p{L}/u.test(character))
    ? character
    : '*';
}

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });
// In these blocks every code unit is a character by itself. A segmenter would cost 100 times as much.
const simple = /^[\x20-\x7E\u3040-\u3098\u30A0-\u30FF\u3400-\u9FFF\uAC00-\uD7A3]*$/;

function charactersOf(text: string): string[] {
  return simple.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment);
}
