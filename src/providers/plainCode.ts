/**
 * Whether a text is nothing but a code, such as `E104`, `-2019`, `rate_limit_exceeded` or `to.0.email`. A
 * text that may be a person's number or address, or be made from one, is not.
 */
export function isPlainCode(text: string): boolean {
  if (text.length > longest || text.replaceAll(/\D/g, '').length > mostDigits) return false;
  return code.test(text);
}

const longest = 48;
const mostDigits = 6;
/** Each part is letters, or a few digits, perhaps behind letters. A mixture, as in Base64, is not a code. */
const code = /^-?(?:[A-Za-z]+\d{0,6}|\d{1,6})(?:[._:-](?:[A-Za-z]+\d{0,6}|\d{1,6}))*$/;
