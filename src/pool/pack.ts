import type { UnrenderedBill } from './messages.ts';

/**
 * Puts the texts of bills one after the other, as UTF-8, into one memory, which is moved to a thread as a
 * whole: cloning them as strings costs the main loop several times as much (6 us per bill).
 */
export function pack(bills: readonly Pick<UnrenderedBill, 'text'>[]): {
  texts: ArrayBuffer;
  ends: Uint32Array;
} {
  const room = bills.reduce((sum, { text }) => sum + text.length * maxBytesPerUnit, 0);
  const bytes = Buffer.allocUnsafeSlow(room);
  const ends = new Uint32Array(bills.length);
  let end = 0;
  for (const [index, { text }] of bills.entries()) {
    end += bytes.write(text, end);
    ends[index] = end;
  }
  return { texts: bytes.buffer, ends };
}

/** The most bytes of UTF-8 that one UTF-16 code unit takes; a pair of them takes four. */
const maxBytesPerUnit = 3;
