/** One reply of a mail server: RFC 5321, 4.2. */
export interface SmtpReply {
  readonly code: number;
  /** The enhanced status code (RFC 3463), such as `5.7.1`; undefined if it has none. */
  readonly enhanced: string | undefined;
  /** What it says, without its codes and line breaks. */
  readonly text: string;
}

/** @returns undefined if it does not begin with a code */
export function readReply(response: string): SmtpReply | undefined {
  const code = /^\d{3}(?=[ -]|$)/.exec(response)?.[0];
  if (code === undefined) return undefined;
  const lines = response.split(/\r?\n/).map((line) => line.replace(/^\d{3}(?:[ -]|$)/, ''));
  const enhanced = lines.map((line) => leadingCode.exec(line)?.[1]).find((found) => found !== undefined);
  const text = lines.map((line) => line.replace(leadingCode, '').trim()).join(' ');
  return { code: Number(code), enhanced, text: text.trim() };
}

/** Some servers put it behind a `#`. */
const leadingCode = /^#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
