import { v7 } from 'uuid';
import type { ClaimToken } from '../bill.ts';

/**
 * A fresh claim token: a UUIDv7 (RFC 9562), so that the journal, whose key holds it, can be partitioned by
 * time. Its order decides nothing else.
 */
export function newClaimToken(): ClaimToken {
  return v7() as ClaimToken;
}

/** The smallest token of that moment: a bound of the journal's partitions. */
export function tokenFloor(at: Date): ClaimToken {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000` as ClaimToken;
}
