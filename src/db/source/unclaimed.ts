import type { Claim } from '../../bill.ts';
import { newClaimToken } from '../claimTokens.ts';

/**
 * A bill that nobody has claimed, in the form that loaders take. A loader reads only its ids and its cycle.
 */
export function unclaimed(bill: Pick<Claim, 'billId' | 'memberId' | 'channel' | 'cycle'>): Claim {
  const { billId, memberId, channel, cycle } = bill;
  return { billId, memberId, channel, cycle, attempts: 0, triedMs: 0, passed: null, token: newClaimToken() };
}
