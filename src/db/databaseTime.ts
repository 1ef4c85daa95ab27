import type { Database } from './database.ts';

const read = { name: 'database-time', text: 'select clock_timestamp()' };

/** The time by the database's clock when it answered. */
export async function readDatabaseTime(database: Database): Promise<Date> {
  const [row] = await database.query<[Date]>(read);
  if (row === undefined) throw new RangeError('no answer to a question about the time');
  return row[0];
}
