/**
 * Takes out of a stored text what must not reach a message: control characters (no header can be injected),
 * controls of the writing direction (no amount can be shown backwards), lone surrogates, and characters that
 * cannot be seen. Line breaks, tabs and wide blanks become a space; blanks around it go; letters that are
 * stored in parts (as macOS does with Hangul) are put together.
 */
export const cleanText = (text: string): string =>
  PLAIN.test(text) || !SUSPECT.test(text) ? text : cleaned(text);

const cleaned = (text: string): string =>
  text.replace(BLANKS, ' ').replace(UNWANTED, '').normalize('NFC').trim();

/** What nearly all texts of a bill are; an expression without classes of Unicode takes a tenth of the time. */
const PLAIN = /^[!-~가-힣](?:[ -~가-힣]*[!-~가-힣])?$/;

const UNWANTED = /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\u00ad\u180e\u200b\u2060\ufeff]/gu;
const BLANKS = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+|(?! )\p{Zs}/gu;
/** Anything of the above: a blank at either end, what is unwanted, other blanks, and parts of letters. */
const SUSPECT =
  /^ | $|[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\u00a0\u00ad\u1680\u180e\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\p{Mn}\u1100-\u11ff]/u;
