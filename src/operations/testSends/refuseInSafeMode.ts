import type { Config } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';

/** All settings, or only those of the channels' order. */
type Settings = Partial<Pick<Config, 'safeMode'>>;

/**
 * Refuses everything but rehearsals in the safe mode. Whoever set DELIVER_ONLY_TO relies on no member getting
 * a message, and only a rehearsal respects that list.
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
