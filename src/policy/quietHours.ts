/** The hours in which a member gets no message, as times of day `HH:MM[:SS]`; they may cross midnight. */
export interface QuietHours {
  readonly start: string;
  readonly end: string;
}

/**
 * How long a message waits for the end of the member's quiet hours.
 * @param timeZone IANA name of the zone in which the hours are given
 * @returns milliseconds, 0 outside of them; if start and end are equal there are none
 */
export function quietMsLeft({ start, end }: QuietHours, now: Date, timeZone: string): number {
  const [from, until, at] = [
    msOfDay(start),
    msOfDay(end),
    msOfDay(timeOfDay(now, timeZone)) + now.getMilliseconds(),
  ];
  if (from === until) return 0;
  const isQuiet = from < until ? at >= from && at < until : at >= from || at < until;
  if (!isQuiet) return 0;
  return until > at ? until - at : until + dayMs - at;
}

const dayMs = 24 * 60 * 60 * 1_000;

function msOfDay(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

/** One formatter per time zone: creating one takes longer than using it a thousand times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function timeOfDay(now: Date, timeZone: string): string {
  const formatter =
    formatters.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' });
  formatters.set(timeZone, formatter);
  return formatter.format(now);
}
