import type { Pair } from './language.ts';
import { reasonWords } from './reasonWords.ts';

/** A fact as the sentence has it; empty if it has none. */
export type Fact = (name: string) => string;
export type Phrase = Pair<(fact: Fact) => string>;

/** A reason code in words; one that nobody has named stays as it is. */
export function reasonPair(code: string): Pair {
  return reasonWords(code) ?? [code, code];
}
