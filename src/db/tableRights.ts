import type { Database } from './database.ts';
import { ownTableNames } from './migrationFiles.ts';

/** The rights of this session's role on billcast's tables. */
export interface TableRights {
  /** Tables that it cannot read. */
  readonly unreadable: readonly string[];
  /** Tables that billcast writes and this role cannot. */
  readonly unwritable: readonly string[];
  /** Whether the role may write any table. */
  readonly writesSome: boolean;
}

/** Tables that the billing batch fills, and that only `migrate` changes. */
export const neverWritten: ReadonlySet<string> = new Set(['member', 'bill', 'bill_item', 'schema_migration']);

/**
 * Tables whose rows are added and read, and never changed: a right to change them would be a right to hide
 * something.
 */
export const onlyAdded: ReadonlySet<string> = new Set([
  'access_record',
  'template_version',
  'content_edition',
  'run_manifest',
  'signed_report',
  'provider_statement',
]);

const rights = {
  name: 'table-rights',
  text: `
    select relname, has_table_privilege(oid, 'select') or has_any_column_privilege(oid, 'select'),
           has_table_privilege(oid, 'insert') and (relname = any($2::text[])
             or (has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')))
    from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
      and relname = any($1::text[])
    order by relname`,
};

export async function readTableRights(database: Database): Promise<TableRights> {
  const rows = await database.query<[string, boolean, boolean]>(rights, [ownTableNames(), [...onlyAdded]]);
  const written = rows.filter(([name]) => !neverWritten.has(name));
  return {
    unreadable: rows.flatMap(([name, reads]) => (reads ? [] : [name])),
    unwritable: written.flatMap(([name, , writes]) => (writes ? [] : [name])),
    writesSome: written.some(([, , writes]) => writes),
  };
}
