import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import type { Connection, Database } from './database.ts';
import { addJournalPartitions } from './journalPartitions.ts';

/** One numbered file of `migrations/`. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

const advisoryLockKey = 7_264_551;

/**
 * Brings the schema up to date: every file of `migrations/` that has not run yet, in order, each in its own
 * transaction. Processes that start together wait for one another.
 * @returns the names of the migrations that ran now
 * @throws BillcastError MIGRATION_FAILED, with the file that failed; what ran before it stays
 */
export const migrate = (database: Database): Promise<string[]> =>
  database.withConnection(async (connection) => {
    await connection.run('select pg_advisory_lock($1)', [advisoryLockKey]);
    try {
      const applied = await applyMissing(connection);
      await addJournalPartitions(connection);
      return applied;
    } finally {
      await connection.run('select pg_advisory_unlock($1)', [advisoryLockKey]).catch(() => undefined);
    }
  });

/** The names of the migrations that have not run on this database; changes nothing. */
export const findMissingMigrations = (database: Database): Promise<string[]> =>
  database.withConnection(async (connection) => {
    const [[known] = []] = await connection.run(`select to_regclass('schema_migration') is not null`);
    const applied = known ? await connection.run('select name from schema_migration') : [];
    const names = new Set(applied.map((row) => row[0]));
    return readMigrations().flatMap(({ name }) => (names.has(name) ? [] : [name]));
  });

const applyMissing = async (connection: Connection): Promise<string[]> => {
  await connection.run(
    `create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())`,
  );
  const applied = new Set((await connection.run('select name from schema_migration')).map((row) => row[0]));
  const missing = readMigrations().filter((migration) => !applied.has(migration.name));
  for (const migration of missing) await apply(connection, migration);
  return missing.map((migration) => migration.name);
};

const apply = async (connection: Connection, { name, sql }: Migration): Promise<void> => {
  await connection.run('begin');
  try {
    await connection.run(sql);
    await connection.run('insert into schema_migration (name) values ($1)', [name]);
    await connection.run('commit');
  } catch (cause) {
    await connection.run('rollback').catch(() => undefined);
    throw new BillcastError('MIGRATION_FAILED', `migration ${name} failed: ${String(cause)}`, { cause });
  }
};

const readMigrations = (): Migration[] => {
  const folder = join(import.meta.dirname, 'migrations');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.sql'.length), sql: readFileSync(join(folder, file), 'utf8') }));
};
