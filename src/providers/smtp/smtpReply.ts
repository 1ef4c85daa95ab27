/** One reply of a mail server: RFC 5321, 4.2. */
export interface SmtpReply {
  readonly code: number;
  /** The enhanced status code (RFC 3463), such as `5.7.1`; undefined if it has none. */
  readonly enhanced: string | undefined;
  /** The text without its codes and line breaks. */
  readonly text: string;
}

/** @returns undefined if it does not begin with a code, or its lines have different ones */
export function readReply(response: string): SmtpReply | undefined {
  const lines = response.split(/\r?\n/);
  const [code, ...others] = lines.map((line) => lineCode.exec(line)?.[1]);
  if (code === undefined || others.some((other) => other !== undefined && other !== code)) return undefined;
  const words = lines.map((line) => line.replace(lineCode, ''));
  const enhanced = codeIn(words, leadingCode) ?? codeIn(words, trailingCode);
  const text = words.map((line) => line.replace(leadingCode, '').trim()).join(' ');
  return { code: Number(code), enhanced, text: text.trim() };
}

function codeIn(lines: readonly string[], pattern: RegExp): string | undefined {
  return lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
}

const lineCode = /^(\d{3})(?:[ -]|$)/;
/** Some servers write the code behind a `#`. */
const leadingCode = /^#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
/** qmail writes it at the end: `no mailbox here by that name. (#5.1.1)`. */
const trailingCode = /\(#([245]\.\d{1,3}\.\d{1,3})\)\W*$/;
