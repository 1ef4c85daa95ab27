import { firstWords } from '../http/causes.ts';
import { errorWordsOf } from '../http/errorWords.ts';
import type { SmtpReply } from './smtpReply.ts';

/**
 * A reply in a few words: its codes and its first words. Anything that may be a person's address, name or
 * number is removed.
 * @param to the recipient, whose name servers repeat
 */
export function replyCause({ code, enhanced, text }: SmtpReply, to: string): string {
  const codes = enhanced === undefined ? `SMTP ${code}` : `SMTP ${code} ${enhanced}`;
  const words = errorWordsOf(firstWords(withoutName(text.replaceAll(quoted, ' '), to)));
  const told = words.replace(/^[\s:;,.-]+/, '');
  return told === '' ? codes : `${codes}: ${told}`;
}

const quoted = /"[^"]*"|<[^<>]*>|(?<!\p{L})'[^']*'/gu;

/** Removes the local part of the address, as in `hong: user unknown`. */
function withoutName(text: string, to: string): string {
  const name = to.slice(0, Math.max(0, to.lastIndexOf('@'))).toLowerCase();
  if (name === '') return text;
  return text
    .split(/(\s+)/)
    .filter((word) => !word.toLowerCase().includes(name))
    .join('');
}
