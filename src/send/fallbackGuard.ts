import type { Channel } from '../bill.ts';
import type { Control } from '../db/control.ts';
import { setFallbackStopped } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { SendAnswer } from './provider.ts';
import { createRefusalWatch } from './refusalWatch.ts';

/** Stops the SMS fallback when too many e-mails are refused: a mail outage must not become a million SMS. */
export interface FallbackGuard {
  answered(channel: Channel, answer: SendAnswer): void;
  /** A person who resumes the fallback has looked at what was refused so far: it counts no more. */
  obey(control: Pick<Control, 'fallbackResumedAt'>): void;
}

export const createFallbackGuard = (options: {
  database: Database;
  log: Logger;
  /** This dispatcher, for the switch. */
  name: string;
  /** `FALLBACK_STOP_RATE` */
  limit: number;
}): FallbackGuard => {
  const { database, log, name, limit } = options;
  const watch = createRefusalWatch(limit);
  let resumedAt: number | undefined;

  const stopFallback = async (): Promise<void> => {
    const reason = `more than ${limit * 100} % of the last 1,000 e-mails were refused`;
    if (await setFallbackStopped(database, true, { by: `dispatcher ${name}`, reason }))
      log.error(
        { limit },
        'SMS fallback stopped: `billcast resume --fallback` when the mail provider is well',
      );
  };

  return {
    answered(channel, { kind }) {
      if (channel !== 'EMAIL' || (kind !== 'accepted' && kind !== 'refused')) return;
      if (!watch.answered(kind === 'refused')) return;
      stopFallback().catch((error: unknown) => log.error({ err: error }, 'SMS fallback cannot be stopped'));
    },
    obey({ fallbackResumedAt }) {
      const at = fallbackResumedAt?.getTime();
      if (at !== resumedAt) watch.reset();
      resumedAt = at;
    },
  };
};
