import { createHmac, hkdfSync } from 'node:crypto';
import type { IdKeeper } from '../http/idKeeper.ts';
import { compileText } from './placeholders.ts';

/**
 * If a provider gives one id to a whole request, the messages in it are told apart by a keyed hash of the
 * recipient, which is added to the id. It does not reveal the recipient.
 */
export interface RecipientMarks {
  /** The mark by the current key; undefined if there is no key. */
  mark(to: string): string | undefined;
  /** The marks by all keys: a message may have been sent under an earlier one. */
  marks(to: string): readonly string[];
}

const markBytes = 9;

/**
 * HMAC-SHA-256 (RFC 2104) over the recipient, cut to 72 bits. Its keys are derived by HKDF-SHA-256 (RFC
 * 5869), so that a mark says nothing about the original keys.
 * @param keys the current one first
 */
export function createRecipientMarks(keys: readonly Uint8Array[]): RecipientMarks {
  const derived = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'billcast recipient mark', 32)));
  const [current] = derived;
  return {
    mark: (to) => (current === undefined ? undefined : markOf(current, to)),
    marks: (to) => derived.map((key) => markOf(key, to)),
  };
}

function markOf(key: Buffer, to: string): string {
  const digest = createHmac('sha256', key).update(plain(to)).digest();
  return digest.subarray(0, markBytes).toString('base64url');
}

/** Adds the recipient's mark to ids of requests before they are kept. */
export function markingIds(ids: IdKeeper, { mark }: RecipientMarks): IdKeeper {
  return {
    keep(id, to, billId) {
      const kept = ids.keep(id, to, billId);
      const own = kept === undefined ? undefined : mark(to);
      return own === undefined ? kept : `${kept}.${own}`;
    },
  };
}

const number = compileText('{{to|e164digits}}');

/** The same text for the same recipient, however it is written. */
function plain(to: string): string {
  return to.includes('@') ? to.trim().toLowerCase() : number(() => to);
}
