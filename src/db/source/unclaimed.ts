import type { Claim } from '../../bill.ts';
import { newClaimToken } from '../claimTokens.ts';

/** A bill that nobody has claimed, as its loader takes it, which asks only whose it is and of which cycle. */
export function unclaimed(bill: Pick<Claim, 'billId' | 'memberId' | 'channel' | 'cycle'>): Claim {
  const { billId, memberId, channel, cycle } = bill;
  return { billId, memberId, channel, cycle, attempts: 0, triedMs: 0, passed: null, token: newClaimToken() };
}
