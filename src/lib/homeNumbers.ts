import { createRequire } from 'node:module';
import type { CountryCode, Examples, PhoneNumber } from 'libphonenumber-js/max';

type Library = typeof import('libphonenumber-js/max');

/** Reads phone numbers as people of one country write them. */
export interface HomeNumbers {
  /** In E.164, with its country's code or without; undefined if there can be no such number. */
  numberIn(written: string): string | undefined;
  isMobile(number: string): boolean;
  /** The digits that people of the country dial; undefined for a number of another country. */
  nationalDigits(number: string): string | undefined;
  /** Nobody's, as people of the country write it. */
  readonly example: string;
}

/**
 * By the numbering plans of Google's libphonenumber. A number that has the right length is not refused
 * because its range is unknown: plans change, and only the provider knows.
 * @param country ISO 3166-1 alpha-2
 * @returns undefined if there is no such country
 */
export function createHomeNumbers(country: string): HomeNumbers | undefined {
  const library: Library = load('libphonenumber-js/max');
  const { isSupportedCountry, getCountryCallingCode, getExampleNumber } = library;
  if (!isSupportedCountry(country)) return undefined;
  const callingCode = getCountryCallingCode(country);
  const parse = parserOf(library, country);
  return {
    numberIn(written) {
      const found = parse(written);
      return found !== undefined && canBe(found) ? found.number : undefined;
    },
    isMobile: (number) => mobileTypes.includes(parse(number)?.getType()),
    nationalDigits(number) {
      const found = parse(number);
      if (found?.countryCallingCode !== callingCode) return undefined;
      return found.formatNational().replaceAll(/\D/g, '');
    },
    get example() {
      const examples: Examples = load('libphonenumber-js/examples.mobile.json');
      return getExampleNumber(country, examples)?.formatNational() ?? '';
    },
  };
}

/** A zero that is no part of the number stays only if digits are missing. */
function canBe(number: PhoneNumber): boolean {
  return number.isPossible() && (number.isValid() || !number.nationalNumber.startsWith('0'));
}

/** Loaded in one go, and not at all without HOME_COUNTRY. */
const load = createRequire(import.meta.url);

/** In the United States and some others a number does not tell. */
const mobileTypes: readonly (string | undefined)[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];

function parserOf({ parsePhoneNumberFromString }: Library, defaultCountry: CountryCode) {
  const options = { defaultCountry, extract: false } as const;
  return (text: string) => parsePhoneNumberFromString(text, options);
}
