import { v7 } from 'uuid';
import type { ClaimToken } from '../bill.ts';

/**
 * A new claim token: a UUIDv7 (RFC 9562). It contains the time so that the journal, whose key contains it,
 * can be partitioned by time. Nothing else depends on its order.
 */
export function newClaimToken(): ClaimToken {
  return v7() as ClaimToken;
}

/** The smallest possible token of that moment: a bound of the journal's partitions. */
export function tokenFloor(at: Date): ClaimToken {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000` as ClaimToken;
}
