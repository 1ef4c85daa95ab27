import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import type { Connection, Database } from './database.ts';
import { addJournalPartitions } from './journalPartitions.ts';
import { type Migration, readMigrations, statementsOf } from './migrationFiles.ts';
import { faultKindOf } from './statementFault.ts';

export interface MigrateOptions {
  /** Called with the reason while it has to wait. */
  readonly onWait?: ((line: string) => void) | undefined;
  /** The folder with the files. Default: billcast's own. */
  readonly folder?: string | undefined;
  /** How long one try waits for a lock on a table that dispatchers use. */
  readonly lockTimeoutMs?: number | undefined;
}

const advisoryLockKey = 7_264_551;

/**
 * Brings the schema up to date: runs every file of `migrations/` that has not run yet, in order. It is safe
 * beside running dispatchers: if a lock is not granted soon, it is given up and tried again, so that nobody
 * queues behind it. Processes that start together wait for each other, by a lock in a transaction that stays
 * open on a separate connection. So the database needs two connections. That works behind a pooler too.
 * @returns the names of the migrations that ran now
 * @throws BillcastError MIGRATION_FAILED, with the file that failed; what ran before it stays
 */
export function migrate(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  return database.withConnection(async (guard) => {
    await guard.run('begin');
    await guard.run('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    await takeTurn(guard);
    const applied = await database.withConnection((connection) =>
      applyMissing({ connection, isPooled: database.isPooled(), ...options }),
    );
    await guard.run('commit');
    return applied;
  });
}

const turnEveryMs = 200;

/**
 * Asks again and again instead of waiting in the statement: a waiting statement has a snapshot, for which an
 * index that another process builds concurrently would wait. It has no parameter, because one leaves a portal
 * behind, which has a snapshot too.
 */
async function takeTurn(guard: Connection): Promise<void> {
  for (;;) {
    const [[isOurs] = []] = await guard.run(`select pg_try_advisory_xact_lock(${advisoryLockKey})`);
    if (isOurs === true) return;
    await sleep(turnEveryMs);
  }
}

interface Run extends MigrateOptions {
  readonly connection: Connection;
  readonly isPooled: boolean;
}

async function applyMissing(run: Run): Promise<string[]> {
  const { connection } = run;
  const [[known] = []] = await connection.run(`select to_regclass('schema_migration') is not null`);
  if (known !== true) {
    await connection.run(
      'create table schema_migration (name text primary key, applied_at timestamptz not null default now())',
    );
  }
  const applied = new Set((await connection.run('select name from schema_migration')).map((row) => row[0]));
  const missing = readMigrations(run.folder).filter((migration) => !applied.has(migration.name));
  for (const migration of missing) await apply(run, migration);
  if (run.folder === undefined) await withLock(run, 'the journal', () => addJournalPartitions(connection));
  return missing.map((migration) => migration.name);
}

async function apply(run: Run, migration: Migration): Promise<void> {
  const { name } = migration;
  try {
    if (migration.isOutside) await runOutside(run, migration);
    else await withLock(run, name, () => runInside(run, migration));
  } catch (cause) {
    throw new BillcastError('MIGRATION_FAILED', `migration ${name} failed: ${reasonOf(cause, run)}`, {
      cause,
    });
  }
}

function reasonOf(cause: unknown, { isPooled }: Run): string {
  return isPooled && faultKindOf(cause) === 'cancelled'
    ? 'the role has a statement_timeout, which cannot be lifted behind a pooler: ' +
        'run migrate with a DATABASE_URL that leads to PostgreSQL itself'
    : String(cause);
}

const defaultLockTimeoutMs = 3_000;

async function runInside({ connection, lockTimeoutMs }: Run, migration: Migration): Promise<void> {
  await connection.run('begin');
  try {
    await connection.run(
      `set local statement_timeout = 0; set local lock_timeout = ${lockTimeoutMs ?? defaultLockTimeoutMs}`,
    );
    await connection.run(migration.sql);
    await note(connection, migration);
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

/**
 * Builds index by index. One that an earlier try left invalid is dropped first. Such a build never waits long
 * for a lock.
 */
async function runOutside({ connection, isPooled }: Run, migration: Migration): Promise<void> {
  const lift = async (value: string): Promise<void> => {
    if (!isPooled) await connection.run(`set statement_timeout ${value}; set lock_timeout ${value}`);
  };
  await lift('= 0');
  for (const statement of statementsOf(migration)) {
    const index = /^create (?:unique )?index concurrently if not exists (\w+)/i.exec(statement)?.[1];
    if (index !== undefined) await dropInvalid(connection, index);
    await connection.run(statement);
  }
  await lift('to default');
  await note(connection, migration);
}

async function dropInvalid(connection: Connection, index: string): Promise<void> {
  const invalid = await connection.run(
    'select from pg_index where indexrelid = to_regclass($1) and not indisvalid',
    [index],
  );
  if (invalid.length > 0) await connection.run(`drop index concurrently ${index}`);
}

async function note(connection: Connection, { name, isCompatible }: Migration): Promise<void> {
  await connection.run('insert into schema_migration (name) values ($1)', [name]);
  // The column exists since 011, and no earlier file is incompatible.
  if (!isCompatible) {
    await connection.run('update schema_migration set compatible = false where name = $1', [name]);
  }
}

/** About a quarter of an hour: then somebody should find out who holds the lock. */
const lockTries = 200;
const longestPauseMs = 5_000;

/** Tries again, with pauses in which those who queued behind us can go on. */
async function withLock({ onWait }: Run, what: string, work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      const kind = faultKindOf(error);
      if ((kind !== 'locked' && kind !== 'collided') || tries >= lockTries) throw error;
      if (tries === 1 || tries % 10 === 0) {
        onWait?.(`${what} waits for a table that others have locked, try ${tries}`);
      }
      await sleep(Math.min(250 * tries, longestPauseMs) * (0.5 + Math.random() / 2));
    }
  }
}
