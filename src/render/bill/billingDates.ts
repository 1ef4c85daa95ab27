/** A calendar month; `month` counts from 1. */
export interface CalendarMonth {
  readonly year: number;
  readonly month: number;
}

/** The month of a `YYYY-MM-DD`. */
export function monthOf(date: string): CalendarMonth {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
  };
}

/** The month `count` months before. */
export function monthsBefore({ year, month }: CalendarMonth, count: number): CalendarMonth {
  const months = year * 12 + (month - 1) - count;
  return { year: Math.floor(months / 12), month: (months % 12) + 1 };
}

/** `YYYY-MM`, as at the beginning of a stored date. */
export function monthKey({ year, month }: CalendarMonth): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}`;
}

/** The month's first and last day, `2026.10.01 ~ 2026.10.31`. */
export function periodOf({ year, month }: CalendarMonth): string {
  const start = `${year}.${twoDigits(month)}`;
  return `${start}.01 ~ ${start}.${lastDayOf(year, month)}`;
}

/** `2026-11-25` as `2026년 11월 25일`. */
export function formatDate(date: string): string {
  return `${Number(date.slice(0, 4))}년 ${Number(date.slice(5, 7))}월 ${Number(date.slice(8, 10))}일`;
}

/**
 * Makes a function that turns an instant (ISO 8601) into a day of `timeZone` (IANA name) and writes it with
 * `write`, which gets `YYYY-MM-DD`. An invalid instant becomes `-`.
 * @throws RangeError for an unknown time zone
 */
export function createDayFormatter(
  timeZone: string,
  write: (date: string) => string,
): (instant: string) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone });
  // Remembered, because a billing run issues most of its bills at one instant.
  let last = { instant: '', day: '-' };
  return (instant) => {
    if (instant !== last.instant) {
      const at = Date.parse(instant);
      last = { instant, day: Number.isNaN(at) ? '-' : write(format.format(at)) };
    }
    return last.day;
  };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const lastDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function lastDayOf(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (lastDays[month - 1] ?? 31);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
