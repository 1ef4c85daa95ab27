import type { Logger } from '../../log/log.ts';

const everyMs = 60_000;

/**
 * Writes into the log that no member gets a bill, at once and then each minute.
 * @param run the running rehearsal; if missing, the settings allow only rehearsals
 * @returns a function that ends it
 */
export function sayEachMinute(log: Logger, run?: string): () => void {
  const say = (): void =>
    log.warn({ run }, 'rehearsal: DELIVER_ONLY_TO or REDIRECT_ALL_TO is set, no member gets a bill');
  say();
  const timer = setInterval(say, everyMs).unref();
  return () => clearInterval(timer);
}
