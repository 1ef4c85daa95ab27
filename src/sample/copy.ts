import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Connection } from '../db/database.ts';

/** A column's value; null is SQL's. */
export type Column = string | number | bigint | null;

/**
 * One row in COPY's text format, its end of line included
 * (https://www.postgresql.org/docs/18/sql-copy.html, "Text Format").
 */
export function copyLine(columns: readonly Column[]): string {
  return `${columns.map(encode).join('\t')}\n`;
}

/** Sends lines of `copyLine` to a table in the transaction of this connection. */
export async function copyInto(connection: Connection, target: CopyTarget, lines: string[]): Promise<void> {
  const { table, columns } = target;
  const stream = connection.client.query(from(`copy ${table} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from([Buffer.from(lines.join(''))]), stream);
}

export interface CopyTarget {
  readonly table: string;
  readonly columns: readonly string[];
}

function encode(value: Column): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return special.test(value) ? value.replace(everySpecial, escaped) : value;
}

const special = /[\\\n\r\t]/;
const everySpecial = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
function escaped(character: string): string {
  return escapes[character] ?? character;
}
