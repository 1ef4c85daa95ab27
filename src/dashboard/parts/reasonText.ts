import { h, type JSX } from 'preact';
import { say } from '../words/language.ts';
import { reasonWords } from '../words/reasonWords.ts';

/** A reason in words, with its code. An unknown code is shown as it is: it is only text. */
export function reasonText(code: string | null, meaning: string | null = null): JSX.Element {
  if (code === null) return h('span', { class: 'quiet' }, '–');
  const words = reasonWords(code);
  const text = words === undefined ? meaning !== null && h('span', { lang: 'en' }, meaning) : say(words);
  return h('span', { class: 'reason' }, text !== false && [text, ' '], h('code', null, code));
}
