import type { BillId, Channel, Claim, ClaimToken } from '../../src/bill.ts';
import { claimBills } from '../../src/db/claim.ts';
import type { Database } from '../../src/db/database.ts';
import { insertNotification, newDispatcherId, newToken, someMember } from './notifications.ts';

/** Claims these bills by one fresh token, as a dispatcher does. */
export const claimAs = (
  database: Database,
  billIds: readonly BillId[],
  { channel = 'EMAIL', token = newToken(), owner = newDispatcherId(), memberId = someMember } = {} as {
    channel?: Channel;
    token?: ClaimToken;
    owner?: ReturnType<typeof newDispatcherId>;
    memberId?: typeof someMember;
  },
): Promise<Claim[]> =>
  claimBills(database, { token, owner, channel, events: billIds.map((billId) => ({ billId, memberId })) });

/** Inserts so many PENDING bills and claims them by one token. */
export const insertClaimed = async (database: Database, count: number): Promise<Claim[]> => {
  const billIds: BillId[] = [];
  for (let bill = 0; bill < count; bill++) billIds.push((await insertNotification(database)).billId);
  return claimAs(database, billIds);
};

/** The only element. */
export const only = <T>(elements: readonly T[]): T => {
  const [element] = elements;
  if (element === undefined || elements.length > 1)
    throw new RangeError(`wanted one element, there are ${elements.length}`);
  return element;
};
