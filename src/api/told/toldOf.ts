import type { Told } from '../contract/toldContract.ts';
import { sentences } from './sentences.ts';

/**
 * Pure: turns a sentence of ours into a code with facts. Rows and answers store only the sentence. An unknown
 * sentence becomes WORDS: it is from a provider, a person or an older version.
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
