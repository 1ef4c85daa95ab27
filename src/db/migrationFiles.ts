import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One numbered file of `migrations/`. Comment lines at its top say what is special about it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /**
   * `-- outside a transaction`: its statements run one by one, such as `create index concurrently`. If the
   * file fails half-way it runs again, so each statement says `if not exists`, or may be repeated.
   */
  readonly isOutside: boolean;
  /** `-- incompatible`: a billcast that does not know this file must not run on its schema. */
  readonly isCompatible: boolean;
}

const ownFolder = join(import.meta.dirname, 'migrations');

/** All files, in the order in which they run. */
export function readMigrations(folder = ownFolder): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseMigration(file.slice(0, -'.sql'.length), readFileSync(join(folder, file), 'utf8')));
}

function parseMigration(name: string, sql: string): Migration {
  const header = /^(?:--[^\n]*\n)*/.exec(sql)?.[0] ?? '';
  return {
    name,
    sql,
    isOutside: /^-- outside a transaction$/m.test(header),
    isCompatible: !/^-- incompatible$/m.test(header),
  };
}

/**
 * The statements of a file that runs outside a transaction: each ends with a semicolon at the end of a line.
 */
export function statementsOf({ sql }: Migration): string[] {
  return sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.replaceAll(/^\s*--[^\n]*$/gm, '').trim())
    .filter((statement) => statement !== '');
}

/** The tables that the files create, including those that a later file renames or drops. */
export function ownTableNames(): string[] {
  const made = readMigrations().flatMap(({ sql }) =>
    [...sql.matchAll(/^create (?:unlogged )?table (?:if not exists )?(\w+)/gim)].map(([, name]) =>
      String(name),
    ),
  );
  return ['schema_migration', ...new Set(made)];
}
