import { type Grantees, grantRights } from '../db/grants.ts';
import { updateSchema } from '../db/schema.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface MigrateFacts {
  /** The names of the migrations that ran now. */
  readonly applied: readonly string[];
}

/**
 * Brings the tables up to date, under the role that owns them. It is safe while dispatchers run.
 * @param onWait called with the reason while it waits
 * @throws BillcastError MIGRATION_FAILED, with the file that failed
 */
export async function migrateSchema(
  { database }: Pick<OperationDeps, 'database'>,
  onWait?: (line: string) => void,
): Promise<MigrateFacts> {
  return { applied: await updateSchema(database, { onWait }) };
}

/** A role, and its present rights. */
export interface Grant {
  readonly role: string;
  readonly right: keyof Grantees;
}

/**
 * Grants roles their rights on the tables. Repeat it after each migration.
 * @throws BillcastError USAGE for a role that does not exist
 */
export async function grantRoles(
  { database }: Pick<OperationDeps, 'database'>,
  grantees: Grantees,
): Promise<Grant[]> {
  await grantRights(database, grantees);
  return (['run', 'read'] as const).flatMap((right) => {
    const role = grantees[right];
    return role === undefined ? [] : [{ role, right }];
  });
}
