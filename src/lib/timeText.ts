/** Writes times as `2026-11-25 09:00:05` in the time zone of the bills. */
export function timeIn(timeZone: string): (at: Date) => string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format;
}

/** Kept, because making a format takes longer than all the rest of an explanation. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** For a sentence: `2026-11-25 09:00:05 (Asia/Seoul)`. */
export function zonedTime(at: Date, timeZone: string): string {
  return `${timeIn(timeZone)(at)} (${timeZone})`;
}
