import { earliestMs, endMs } from '../lib/instantText.ts';
import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/**
 * PostgreSQL array literals for values that need no quoting: digits and UUIDs. The driver quotes and escapes
 * each value, which on the path of a bill costs more than the rest of the call.
 */
export function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

/** Runs a statement that returns one row with one column: a count. */
export async function queryCount(
  database: Database,
  statement: Statement,
  values: unknown[],
): Promise<number> {
  const [row] = await database.query<[number]>(statement, values);
  return row?.[0] ?? 0;
}

/**
 * Where a scan over bills begins. An id below 1 is a mistake of the billing batch, but a scan must see its
 * row too.
 */
export const beforeAllBills = '-9223372036854775808';

const [earliest, latest] = [earliestMs, endMs].map((ms) => new Date(ms).toISOString());
export const earliestMicros = `${earliestMs}000`;
const latestMicros = `${endMs}000`;

/**
 * A time as microseconds since 1970, for the place where a page ends. `infinity` has no such number: times
 * that cannot be shown count as the nearest that can.
 */
export function microsOf(column: string): string {
  return `(extract(epoch from ${shownTime(column)}) * 1000000)::bigint`;
}

/** The milliseconds since a time. PostgreSQL subtracts no `infinity`. */
export function msSince(column: string): string {
  return `extract(epoch from now() - ${shownTime(column)})::float8 * 1000`;
}

/** `least` and `greatest` pass over a null. */
function shownTime(time: string): string {
  return `case when ${time} is not null then least(greatest(${time}, '${earliest}'), '${latest}') end`;
}

/** The time of a number of `microsOf`. */
export function timeOf(micros: string): string {
  return `case ${micros} when ${earliestMicros} then timestamptz '-infinity' when ${latestMicros} then 'infinity'
          else timestamptz 'epoch' + ${micros} * interval '1 microsecond' end`;
}
