import { readDatabaseTime } from '../db/databaseTime.ts';
import { type FailureGroup, groupFailures } from '../db/reads/failureGroups.ts';
import { becauseOf } from './explain/reasons.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface FailureFacts {
  readonly asOf: Date;
  /** The number of FAILED bills. */
  readonly total: number;
  /** Largest group first. */
  readonly groups: readonly (FailureGroup & { readonly meaning: string | null })[];
}

/** Failed bills by reason. @param request.month first day of the billing month as `YYYY-MM-DD` */
export async function readFailures(
  { database }: Pick<OperationDeps, 'database'>,
  { month }: { readonly month?: string | undefined },
): Promise<FailureFacts> {
  const asOf = await readDatabaseTime(database);
  const groups = await groupFailures(database, { month });
  return {
    asOf,
    total: groups.reduce((sum, { count }) => sum + count, 0),
    groups: groups.map((group) => ({ ...group, meaning: becauseOf(group.reason) ?? null })),
  };
}
