import type { BillId, Claim, ClaimToken } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import type { Database } from '../../src/db/database.ts';
import { claimBills } from '../../src/db/transitions/claimBills.ts';
import { insertNotification, newDispatcherId, newToken, someMember } from './notifications.ts';

/** Claims these bills by one fresh token, as a dispatcher does. */
export function claimAs(
  database: Database,
  billIds: readonly BillId[],
  { channel = 'EMAIL', token = newToken(), owner = newDispatcherId(), memberId = someMember } = {} as {
    channel?: Channel;
    token?: ClaimToken;
    owner?: ReturnType<typeof newDispatcherId>;
    memberId?: typeof someMember;
  },
): Promise<Claim[]> {
  return claimBills(database, {
    token,
    owner,
    channel,
    events: billIds.map((billId) => ({ billId, memberId })),
  });
}

/** Inserts PENDING bills and claims them by one token. */
export async function insertClaimed(database: Database, count: number): Promise<Claim[]> {
  const billIds: BillId[] = [];
  for (let bill = 0; bill < count; bill++) billIds.push((await insertNotification(database)).billId);
  return claimAs(database, billIds);
}

/** The only element. */
export function only<T>(elements: readonly T[]): T {
  const [element] = elements;
  if (element === undefined || elements.length > 1) {
    throw new RangeError(`wanted one element, there are ${elements.length}`);
  }
  return element;
}
