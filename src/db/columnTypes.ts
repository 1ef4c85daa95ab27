import pg from 'pg';
import { plainTime } from '../lib/instantText.ts';

/** The types of `timestamp` and `timestamptz`. */
const times: readonly number[] = [pg.types.builtins.TIMESTAMP, pg.types.builtins.TIMESTAMPTZ];

/**
 * The driver's ways to read a column, but a time that a Date cannot hold is the nearest that can be shown.
 * The driver reads `infinity` as a number.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const read = pg.types.getTypeParser(oid, format);
    return times.includes(oid) ? (text: string) => heldTime(text, read(text)) : read;
  },
};

function heldTime(text: string, read: Date | number): Date {
  if (typeof read !== 'number' && !Number.isNaN(read.getTime())) return read;
  return plainTime(new Date(text === '-infinity' ? -longestMs : longestMs));
}

/** From 1970 to the last millisecond of a Date. */
const longestMs = 8.64e15;
