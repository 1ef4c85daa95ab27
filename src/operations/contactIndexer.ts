import { v4 as newId } from 'uuid';
import type { DispatcherId } from '../bill.ts';
import { createLeasedLoop, type LeasedLoop } from '../db/leasedLoop.ts';
import { hasOpenBatches } from '../db/reads/hasOpenBatches.ts';
import { hashNextContacts, openContactWalk } from './contacts.ts';
import type { OperationDeps } from './operationDeps.ts';

const leaseMs = 30_000;
const membersPerStep = 500;
/** The share of time that it may take, of one core and of the database. */
const share = 0.02;
/** The same while bills are sent, which need both. */
const shareBesideBills = 0.004;
const idleMs = 1_000;
/** The rest between two walks. A changed address is found after this time and that of a walk. */
const restMs = 600_000;

/**
 * Keeps the index of contacts by a slow walk over all members, which begins again when it is over.
 * @returns undefined if there is no key to hash contacts with
 */
export async function createContactIndexer(
  deps: Pick<OperationDeps, 'config' | 'database' | 'log'>,
): Promise<LeasedLoop | undefined> {
  const { database, log } = deps;
  const walk = await openContactWalk(deps);
  if (walk === undefined) return undefined;
  let restsUntilMs = 0;
  return createLeasedLoop({
    database,
    name: 'contacts',
    owner: newId() as string as DispatcherId,
    leaseMs,
    log,
    async round() {
      const beganMs = performance.now();
      if (beganMs < restsUntilMs) return idleMs;
      const { isLast } = await hashNextContacts(walk, membersPerStep);
      const endedMs = performance.now();
      if (isLast) restsUntilMs = endedMs + restMs;
      return restAfter(endedMs - beganMs, await hasOpenBatches(database));
    },
  });
}

/** @returns how long to rest after a step that took so long, in milliseconds */
export function restAfter(tookMs: number, isSending: boolean): number {
  return Math.min(tookMs / (isSending ? shareBesideBills : share), leaseMs / 3);
}
