import type { Told } from '../contract/toldContract.ts';
import { sentences } from './sentences.ts';

/**
 * Pure. What a sentence of ours says, as codes with facts. Rows and answers keep the sentence alone, and a
 * sentence that nobody knows is WORDS: those of a provider, of a person or of an older version.
 */
export function toldOf(text: string | null): Told {
  if (text === null || text === '') return [];
  for (const [code, pattern] of sentences) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { first, then, list, ...facts }: Partial<Record<string, string>> = match.groups ?? {};
    return [
      ...toldOf(first ?? null),
      { code, facts: defined(facts) },
      ...toldOf(then ?? null),
      ...toldOfList(list),
    ];
  }
  return toldOfGates(text) ?? [{ code: 'WORDS', facts: { words: text } }];
}

/** Several sentences of one kind. */
function toldOfList(list: string | undefined): Told {
  return list === undefined ? [] : list.split('; ').flatMap(toldOf);
}

function toldOfGates(text: string): Told | undefined {
  if (!text.includes('; ')) return undefined;
  const told = toldOfList(text);
  return told.every(({ code }) => code === 'GATE') ? told : undefined;
}

function defined(facts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
