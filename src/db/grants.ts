import { BillcastError } from '../errors.ts';
import type { Connection, Database } from './database.ts';
import { ownTableNames } from './migrationFiles.ts';
import { neverWritten, onlyAdded } from './tableRights.ts';

/** Roles beside the one that owns the tables: they must be there. */
export interface Grantees {
  /** Runs dispatchers and the commands that change bills; no right to change the schema. */
  readonly run?: string | undefined;
  /**
   * Reads: status, verify, explain. Sees nothing that is sealed, and no bytes of a record that could not be
   * used.
   */
  readonly read?: string | undefined;
}

/**
 * Gives the roles their rights on billcast's tables: its own, and pg-boss's.
 * To be repeated after each migration, for what is new.
 * @throws BillcastError USAGE for a role that is not there
 */
export function grantRights(database: Database, { run, read }: Grantees): Promise<void> {
  return database.withConnection(async (connection) => {
    const tables = await ownTables(connection);
    const schema = await askOne(connection, `select quote_ident(current_schema())`);
    if (run !== undefined) await grantAll(connection, run, [...runRights(schema, tables), ...queueRights]);
    if (read !== undefined) await grantAll(connection, read, readRights(schema, tables));
  });
}

async function grantAll(connection: Connection, role: string, rights: readonly string[]): Promise<void> {
  const [[quoted] = []] = await connection.run(
    'select quote_ident(rolname) from pg_roles where rolname = $1',
    [role],
  );
  if (quoted === undefined) {
    throw new BillcastError(
      'USAGE',
      `there is no role ${role}: create role "${role}" login password '...' first`,
    );
  }
  for (const right of rights) await connection.run(`grant ${right} to ${String(quoted)}`);
}

function runRights(schema: string, tables: readonly Table[]): string[] {
  return [
    `usage on schema ${schema}`,
    ...tables.map(({ table }) => `${rightsOn(table)} on ${schema}.${table}`),
  ];
}

function rightsOn(table: string): string {
  if (neverWritten.has(table)) return 'select';
  return onlyAdded.has(table) ? 'select, insert' : 'select, insert, update, delete';
}

const queueRights = [
  'usage on schema pgboss',
  'select, insert, update, delete on all tables in schema pgboss',
  'usage on all sequences in schema pgboss',
  'execute on all functions in schema pgboss',
];

/**
 * Of a bill only what identifies it: the rest is sealed. Nor is anything of the member, or of foreign bytes.
 */
const billColumns = 'id, member_id, billing_month';
const hidden: ReadonlySet<string> = new Set(['member', 'bill_item']);

function readRights(schema: string, tables: readonly Table[]): string[] {
  return [
    `usage on schema ${schema}`,
    ...tables
      .filter(({ table }) => !hidden.has(table))
      .map(({ table, shown }) => {
        const columns = table === 'bill' ? billColumns : shown;
        return `select${columns === undefined ? '' : ` (${columns})`} on ${schema}.${table}`;
      }),
  ];
}

interface Table {
  readonly table: string;
  /**
   * Its columns without those that hold bytes, but with Kafka's key, which may be the bill's id; undefined:
   * all.
   */
  readonly shown: string | undefined;
}

/** Partitions come with the table that they are of. */
async function ownTables(connection: Connection): Promise<Table[]> {
  const rows = await connection.run(
    `select quote_ident(c.relname),
            string_agg(quote_ident(a.attname), ', ') filter (where a.attname in ('key', 'hash') or not has.bytes),
            bool_or(has.bytes)
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     cross join lateral (select a.atttypid = 'bytea'::regtype as bytes) has
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition
       and c.relname = any($1::text[])
     group by c.relname
     order by c.relname`,
    [ownTableNames()],
  );
  return rows.map(([table, columns, hasBytes]) => ({
    table: String(table),
    shown: hasBytes === true ? String(columns) : undefined,
  }));
}

async function askOne(connection: Connection, text: string): Promise<string> {
  const [[value] = []] = await connection.run(text);
  return String(value);
}
