import type { UnrenderedBill } from '../../src/pool/messages.ts';
import { claimOf } from './claims.ts';

/** A bill of that text, of some claim. */
export function unrendered(text: string): UnrenderedBill {
  return { text, bill: { claim: claimOf() } };
}
