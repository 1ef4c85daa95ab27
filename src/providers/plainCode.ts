/**
 * Whether a text is a code and nothing else, as `E104`, `-2019`, `rate_limit_exceeded` and `to.0.email` are.
 * Texts that may be a number or an address of a person, or be made of one, are none.
 */
export function isPlainCode(text: string): boolean {
  if (text.length > longest || text.replaceAll(/\D/g, '').length > mostDigits) return false;
  return code.test(text);
}

const longest = 48;
const mostDigits = 6;
/** Parts of letters, or of a few digits behind some letters: not mixed, as Base64 is. */
const code = /^-?(?:[A-Za-z]+\d{0,6}|\d{1,6})(?:[._:-](?:[A-Za-z]+\d{0,6}|\d{1,6}))*$/;
