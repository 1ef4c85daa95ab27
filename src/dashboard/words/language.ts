import { computed, signal } from '@preact/signals';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

/** A word in both languages. If one is missing, the types do not match. */
export type Pair<Word = string> = readonly [english: Word, korean: Word];

const storageKey = 'billcast.language';

export const language = signal<Language>(
  storedLanguage() ?? languageOf(globalThis.navigator?.language ?? 'en'),
);

/** The locale for `Intl`. */
export const locale = computed(() => (language.value === 'ko' ? 'ko-KR' : 'en-GB'));

/** The word in the language of the page. */
export function say<Word>([english, korean]: Pair<Word>): Word {
  return language.value === 'ko' ? korean : english;
}

/** English: `1 bill`, `2,000 bills`. The count is formatted already. */
export function counted(count: string, noun: string): string {
  return `${count} ${noun}${count === '1' ? '' : 's'}`;
}

/** With a capital letter, for the start of a line. */
export function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(storageKey, chosen);
}

export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

function storedLanguage(): Language | undefined {
  if (typeof document === 'undefined') return undefined;
  const stored = localStorage.getItem(storageKey);
  return languages.find((known) => known === stored);
}
