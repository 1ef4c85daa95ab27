import { createRequire } from 'node:module';
import type { CountryCode, Examples, PhoneNumber } from 'libphonenumber-js/max';

type Library = typeof import('libphonenumber-js/max');

/** Reads phone numbers as people of one country write them. */
export interface HomeNumbers {
  /**
   * The number in E.164 form, from a text with the country code or without; undefined if there can be no such
   * number.
   */
  numberIn(written: string): string | undefined;
  isMobile(number: string): boolean;
  /** The digits that people of the country dial; undefined for a number of another country. */
  nationalDigits(number: string): string | undefined;
  /** A number that belongs to nobody, as people of the country write it. */
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

/** A leading zero that the plan does not know as a prefix stays in the number: then digits are missing. */
function canBe(number: PhoneNumber): boolean {
  return number.isPossible() && (number.isValid() || !number.nationalNumber.startsWith('0'));
}

/** Loaded synchronously, and only if HOME_COUNTRY is set. */
const load = createRequire(import.meta.url);

/** In the United States and some other countries a number does not tell whether it is mobile. */
const mobileTypes: readonly (string | undefined)[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE'];

function parserOf({ parsePhoneNumberFromString }: Library, defaultCountry: CountryCode) {
  const options = { defaultCountry, extract: false } as const;
  return (text: string) => parsePhoneNumberFromString(text, options);
}
