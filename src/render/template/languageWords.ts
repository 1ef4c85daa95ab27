import { type ItemCategory, itemCategories } from '../bill/sourceBill.ts';
import type { TemplateProblem } from './templateNode.ts';

/**
 * The words of a language that the values of a bill need: plain values, so that they can be passed to a
 * thread.
 */
export interface LanguageWords {
  /** A BCP 47 tag, for dates: `ko`, `en-GB`. */
  readonly locale: string;
  /** Printed instead of a name that is not stored. */
  readonly nameless: string;
  /** The names of items without a subcategory. */
  readonly categories: Readonly<Record<ItemCategory, string>>;
}

/** The file with these words in a language's folder. */
export const wordsFile = 'words.json';

const korean: LanguageWords = {
  locale: 'ko',
  nameless: '회원',
  categories: {
    SUBSCRIPTION: '월정액',
    OVER_USAGE: '초과 사용',
    ONE_TIME_PURCHASE: '일회성 구매',
    DISCOUNT: '할인',
  },
};

const english: LanguageWords = {
  locale: 'en',
  nameless: 'Customer',
  categories: {
    SUBSCRIPTION: 'Monthly plan',
    OVER_USAGE: 'Extra usage',
    ONE_TIME_PURCHASE: 'Purchase',
    DISCOUNT: 'Discount',
  },
};

/** The Korean words; for any other language the English ones, with dates in that language. */
export function builtInWords(language: string): LanguageWords {
  if (/^ko\b/i.test(language)) return korean;
  return isLocale(language) ? { ...english, locale: language } : english;
}

/** Reads `words.json`: `{"locale": "ja", "nameless": "...", "categories": {"DISCOUNT": "..."}}`. */
export function readWords(
  language: string,
  text: string | undefined,
): { readonly words: LanguageWords; readonly problems: readonly TemplateProblem[] } {
  const words = builtInWords(language);
  if (text === undefined) return { words, problems: [] };
  const refuse = (message: string) => ({ words, problems: [{ line: 1, message }] });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return refuse(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(given)) return refuse('it must be an object with locale, nameless and categories');
  const { locale = words.locale, nameless = words.nameless, categories = {}, ...others } = given;
  const [other] = Object.keys(others);
  if (other !== undefined) return refuse(`"${other}" is not used: there are locale, nameless and categories`);
  if (typeof locale !== 'string' || !isLocale(locale)) {
    return refuse('locale is no BCP 47 name, such as en-GB');
  }
  if (typeof nameless !== 'string' || nameless === '') return refuse('nameless must be a text');
  if (!isRecord(categories)) return refuse('categories must be an object');
  const wrong = Object.entries(categories).find(
    ([name, word]) => !itemCategories.some((known) => known === name) || typeof word !== 'string',
  );
  if (wrong !== undefined) {
    return refuse(`categories.${wrong[0]}: a text each for ${itemCategories.join(', ')}`);
  }
  return { words: { locale, nameless, categories: { ...words.categories, ...categories } }, problems: [] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLocale(name: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(name).length > 0;
  } catch {
    return false;
  }
}
