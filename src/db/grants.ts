import { BillcastError } from '../errors.ts';
import type { Connection, Database } from './database.ts';
import { ownTableNames } from './migrationFiles.ts';
import { neverWritten, onlyAdded } from './tableRights.ts';

/** Roles besides the owner of the tables. They must exist. */
export interface Grantees {
  /** The role that runs dispatchers and the commands that change bills. It cannot change the schema. */
  readonly run?: string | undefined;
  /**
   * The role that reads: status, verify, explain. It sees no sealed values, and no bytes of records that
   * could not be used.
   */
  readonly read?: string | undefined;
}

/**
 * Grants the roles their rights on the tables of billcast and pg-boss. Repeat it after each migration, for
 * new tables.
 * @throws BillcastError USAGE for a role that does not exist
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
 * Only the columns that identify a bill: the rest is sealed. Nothing of the member is shown, nor bytes of
 * other systems.
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
  /** The columns without bytes, except Kafka's key, which may be the bill's id; undefined: all columns. */
  readonly shown: string | undefined;
}

/** Partitions are included with their table. */
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
