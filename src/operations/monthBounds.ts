import { Temporal } from 'temporal-polyfill';

/** When a month (`YYYY-MM`) begins in a time zone, and when the next one does. */
export function monthBounds(month: string, timeZone: string): { readonly from: Date; readonly until: Date } {
  const first = Temporal.PlainDate.from(`${month}-01`);
  const startOf = (day: Temporal.PlainDate): Date =>
    new Date(day.toZonedDateTime(timeZone).toInstant().epochMilliseconds);
  return { from: startOf(first), until: startOf(first.add({ months: 1 })) };
}
