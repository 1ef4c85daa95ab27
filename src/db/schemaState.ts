import { BillcastError } from '../errors.ts';
import type { Database } from './database.ts';
import { readMigrations } from './migrationFiles.ts';

/** How a database's schema differs from the one that this billcast knows. */
export interface SchemaState {
  /** Our migration files that have not run on it. */
  readonly missing: readonly string[];
  /** Files of a newer billcast that ours can live with. */
  readonly newer: readonly string[];
  /** Files of a newer billcast, on whose schema ours must not run. */
  readonly incompatible: readonly string[];
}

const exists = { name: 'schema-exists', text: `select to_regclass('schema_migration') is not null` };
/** The column `is_compatible` exists since 011. */
const applied = {
  name: 'schema-applied',
  text: `
    select name, coalesce((to_jsonb(m) ->> 'compatible')::boolean, true)
    from schema_migration m
    order by name`,
};

/** Reads the state. It changes nothing, and needs only the right to read. */
export async function readSchemaState(database: Database): Promise<SchemaState> {
  const [[known] = [false]] = await database.query<[boolean]>(exists);
  const rows = known ? await database.query<[string, boolean]>(applied) : [];
  const own = readMigrations().map(({ name }) => name);
  const there = new Set(rows.map(([name]) => name));
  const foreign = rows.filter(([name]) => !own.includes(name));
  return {
    missing: own.filter((name) => !there.has(name)),
    newer: foreign.flatMap(([name, isCompatible]) => (isCompatible ? [name] : [])),
    incompatible: foreign.flatMap(([name, isCompatible]) => (isCompatible ? [] : [name])),
  };
}

/**
 * Whether this billcast may run on the schema: everything that it knows is there, and nothing newer is
 * incompatible.
 * @throws BillcastError SCHEMA_MISMATCH, with what to do
 */
export async function checkSchema(database: Database): Promise<void> {
  const { missing, incompatible } = await readSchemaState(database);
  const [first] = missing;
  if (first !== undefined) {
    throw new BillcastError(
      'SCHEMA_MISMATCH',
      `the database lacks ${andMore(first, missing.length)}: ` +
        'run `npx billcast migrate` with the role that owns the tables',
    );
  }
  const [newest] = incompatible;
  if (newest !== undefined) {
    throw new BillcastError(
      'SCHEMA_MISMATCH',
      `the database is of a newer billcast, and ${newest} forbids this one to run on it: ` +
        'install the newer one here',
    );
  }
}

function andMore(first: string, count: number): string {
  return count === 1 ? first : `${first} and ${count - 1} more`;
}
