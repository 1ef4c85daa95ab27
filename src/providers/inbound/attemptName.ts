import type { BillId } from '../../bill.ts';
import { type Channel, channelNames } from '../../channels.ts';
import type { AttemptName } from './receipt.ts';

const written = /^(\d{1,19})([:_-])([A-Z][A-Z0-9]*)\2(\d{1,9})$/;
const largestId = 9_223_372_036_854_775_807n;

/**
 * Reads an idempotency key, `42:EMAIL:1`. Some providers do not allow a colon in a tag, so `42-EMAIL-1` and
 * `42_EMAIL_1` are read too.
 */
export function parseAttemptName(text: unknown): AttemptName | undefined {
  if (typeof text !== 'string') return undefined;
  const [, id = '', , channel = '', cycle = ''] = written.exec(text) ?? [];
  if (id === '' || !isChannel(channel) || Number(cycle) < 1) return undefined;
  const number = BigInt(id);
  return number > largestId ? undefined : { billId: String(number) as BillId, channel, cycle: Number(cycle) };
}

function isChannel(text: string): text is Channel {
  return channelNames.some((name) => name === text);
}
