import type { Claim } from '../../src/bill.ts';
import { billIdOf, newToken, someMember } from './notifications.ts';

/** A claim without a row, for code that works on claims alone. */
export function claimOf(facts: Partial<Claim> = {}): Claim {
  return {
    billId: billIdOf(5),
    memberId: someMember,
    channel: 'EMAIL',
    cycle: 1,
    attempts: 0,
    triedMs: 0,
    passed: null,
    token: newToken(),
    ...facts,
  };
}
