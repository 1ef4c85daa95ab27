import type { Config } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';

/** Those who have all settings, and those who only know the order of the channels. */
type Settings = Partial<Pick<Config, 'safeMode'>>;

/**
 * Whoever set DELIVER_ONLY_TO believes that no member gets a message. Only a rehearsal keeps to it, so
 * nothing else may make bills go out.
 * @param what what is refused, as the beginning of a sentence
 * @throws BillcastError USAGE
 */
export function refuseInSafeMode({ safeMode }: Settings, what: string): void {
  if (safeMode === undefined) return;
  const setting = safeMode.onlyTo === undefined ? 'REDIRECT_ALL_TO' : 'DELIVER_ONLY_TO';
  throw new BillcastError(
    'USAGE',
    `${what} is refused while ${setting} is set, since members would get the bills: unset it to send them, or ` +
      'rehearse with `billcast run rehearse`, which sends to nobody else',
  );
}
