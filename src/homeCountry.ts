import { createHomeNumbers, type HomeNumbers } from './lib/homeNumbers.ts';
import { startSetting } from './lib/startSetting.ts';

/** The country of `HOME_COUNTRY`: phone numbers without a country code belong to it. */
export interface HomeCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** Undefined for Korea: billcast has its own rules for Korean numbers. */
  readonly numbers: HomeNumbers | undefined;
  readonly problem: string | undefined;
}

/** The default of `HOME_COUNTRY`. */
export const usualHome = 'KR';

/** Never throws: `loadConfig` reports a wrong code. */
export function homeCountryOf(code = usualHome): HomeCountry {
  const numbers = code === usualHome ? undefined : createHomeNumbers(code);
  if (code === usualHome || numbers !== undefined) return { code, numbers, problem: undefined };
  const problem = 'HOME_COUNTRY is not a code of ISO 3166-1 alpha-2 in capitals, such as KR or GB';
  return { code, numbers, problem };
}

/** The home country of this process. Each of its threads reads numbers in the same way. */
export const homeCountry = homeCountryOf(startSetting('HOME_COUNTRY'));
