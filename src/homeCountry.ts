import { createHomeNumbers, type HomeNumbers } from './lib/homeNumbers.ts';
import { startSetting } from './lib/startSetting.ts';

/** `HOME_COUNTRY`: the country of phone numbers without a country's code. */
export interface HomeCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** Undefined in Korea, whose numbers have rules of billcast. */
  readonly numbers: HomeNumbers | undefined;
  readonly problem: string | undefined;
}

/** `HOME_COUNTRY` unless it is set. */
export const usualHome = 'KR';

/** It throws nothing: `loadConfig` reports the problem. */
export function homeCountryOf(code = usualHome): HomeCountry {
  const numbers = code === usualHome ? undefined : createHomeNumbers(code);
  if (code === usualHome || numbers !== undefined) return { code, numbers, problem: undefined };
  const problem = 'HOME_COUNTRY is not a code of ISO 3166-1 alpha-2 in capitals, such as KR or GB';
  return { code, numbers, problem };
}

/** Of this process: each of its threads reads the same numbers. */
export const homeCountry = homeCountryOf(startSetting('HOME_COUNTRY'));
