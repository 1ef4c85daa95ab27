import { hostname } from 'node:os';
import { v4 as newId } from 'uuid';
import type { BillId } from '../bill.ts';
import { type Access, type AccessResult, addAccessRecord } from '../db/accessRecords.ts';
import type { Database } from '../db/database.ts';
import { personAtTerminal } from './personAtTerminal.ts';

/** What a command changes or opens, for its access record. */
export interface CommandAccess {
  readonly what: string;
  readonly billIds?: readonly BillId[] | undefined;
  readonly reason?: string | undefined;
  /** A dry run changes nothing, so nothing is recorded. */
  readonly dryRun?: boolean;
}

const billsNamed = 10;

/**
 * Writes an access record before the work begins, and one with its result. If it cannot be recorded, it is
 * not done.
 */
export async function recordAccess<T>(
  database: Database,
  access: CommandAccess,
  work: () => Promise<T>,
): Promise<T> {
  if (access.dryRun === true) return work();
  const requestId = newId();
  const add = (result: AccessResult) =>
    addAccessRecord(database, newId(), recordOf(access, result, requestId));
  await add('begun');
  try {
    const done = await work();
    await add('done');
    return done;
  } catch (error) {
    await add('failed');
    throw error;
  }
}

function recordOf(
  { what, billIds = [], reason = '' }: CommandAccess,
  result: AccessResult,
  requestId: string,
): Access {
  return {
    who: `cli:${personAtTerminal().replace(/^person /, '')}@${hostname()}`,
    roles: [],
    from: hostname(),
    what,
    billIds: billIds.slice(0, billsNamed),
    bills: billIds.length,
    reason: reason === '' ? null : reason,
    result,
    requestId,
  };
}
