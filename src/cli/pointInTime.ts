import { Temporal } from 'temporal-polyfill';
import { BillcastError } from '../errors.ts';
import { hasPlainYear } from '../lib/instantText.ts';
import { zonedTime } from '../lib/timeText.ts';

const iso8601 =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?<offset>Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads a point in time from the command line: ISO 8601 with an offset, or without one in `timeZone`. A day
 * alone means its first moment.
 * @param flag the option it came from, for the message
 * @throws BillcastError USAGE for anything else, a day that does not exist, and a local time that the clock
 * change skips or repeats
 */
export function parsePointInTime(text: string, { flag, timeZone }: { flag: string; timeZone: string }): Date {
  const { day, time, offset } = iso8601.exec(text.trim())?.groups ?? {};
  if (day === undefined) {
    throw usage(
      `${flag} ${text} is not a time. Write it as 2026-11-25T09:00+09:00, or as 2026-11-25T09:00 ` +
        `in ${timeZone}.`,
    );
  }
  try {
    const local = Temporal.PlainDateTime.from(time === undefined ? day : `${day}T${time}`, {
      overflow: 'reject',
    });
    const at =
      offset === undefined
        ? local
            .toZonedDateTime(timeZone, { disambiguation: time === undefined ? 'compatible' : 'reject' })
            .toInstant()
        : Temporal.Instant.from(`${local.toString()}${offset}`);
    return shownTime(new Date(at.epochMilliseconds), { text, flag });
  } catch (cause) {
    if (cause instanceof BillcastError) throw cause;
    throw usage(
      `${flag} ${text} does not exist in ${timeZone}, or occurs twice because of a clock change. ` +
        'Check the day, or write the offset, such as +09:00.',
      cause,
    );
  }
}

function shownTime(at: Date, { text, flag }: { text: string; flag: string }): Date {
  if (!hasPlainYear(at)) throw usage(`${flag} ${text} is too far away: the year must be from 1 to 9998.`);
  return at;
}

/**
 * Does the same for a time that must be in the future.
 * @throws BillcastError USAGE also for a time in the past
 */
export function parseFutureTime(text: string, options: { flag: string; timeZone: string; now?: Date }): Date {
  const at = parsePointInTime(text, options);
  const { now = new Date() } = options;
  if (at <= now) {
    throw usage(
      `${options.flag} ${text} is in the past: it is ${zonedTime(now, options.timeZone)}. Leave it out to start at once.`,
    );
  }
  return at;
}

function usage(message: string, cause?: unknown): BillcastError {
  return new BillcastError('USAGE', message, cause === undefined ? {} : { cause });
}
