import type { Connection, Database } from '../../src/db/database.ts';

/** Runs a test's SQL text on a new connection. Returns rows as arrays of columns. */
export function ask<Row extends unknown[]>(
  database: Database,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return database.withConnection((connection) => askOn<Row>(connection, text, values));
}

/** The same as `ask`, on a connection that the test holds. */
export async function askOn<Row extends unknown[]>(
  connection: Connection,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await connection.run(text, values)) as Row[];
}

/** One value. */
export async function askValue<T>(database: Database, text: string, values: unknown[] = []): Promise<T> {
  const [row] = await ask<[T]>(database, text, values);
  if (row === undefined) throw new RangeError(`no row: ${text}`);
  return row[0];
}

/** Runs the work in a transaction that is left open until `work` resolves; then it commits. */
export function inTransaction<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return database.withConnection(async (connection) => {
    await connection.run('begin');
    const result = await work(connection);
    await connection.run('commit');
    return result;
  });
}

/**
 * Resolves when this many connections of the database wait for a lock. What a test does next meets them
 * there.
 */
export async function untilWaiting(database: Database, waiting = 1): Promise<number[]> {
  for (;;) {
    const rows = await ask<[number]>(
      database,
      `select pid from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' order by pid`,
    );
    if (rows.length >= waiting) return rows.map(([pid]) => pid);
  }
}
