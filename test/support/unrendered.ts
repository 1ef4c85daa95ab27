import type { UnrenderedBill } from '../../src/pool/messages.ts';
import { claimOf } from './claims.ts';

/** A loaded bill with this text, of some claim. */
export function unrendered(text: string): UnrenderedBill {
  return { text, bill: { claim: claimOf() } };
}
