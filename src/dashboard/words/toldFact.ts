import type { Pair } from './language.ts';
import { reasonWords } from './reasonWords.ts';

/** The value of a fact in the sentence; empty if the sentence lacks it. */
export type Fact = (name: string) => string;
export type Phrase = Pair<(fact: Fact) => string>;

/** A reason code in words. An unknown code is shown as it is. */
export function reasonPair(code: string): Pair {
  return reasonWords(code) ?? [code, code];
}
