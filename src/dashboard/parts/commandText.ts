import { type ComponentChild, h } from 'preact';

/** A sentence of the API, in which commands are between backticks. */
export function commandText(sentence: string): ComponentChild[] {
  return sentence.split('`').map((part, index) => (index % 2 === 1 ? h('code', null, part) : part));
}
