/** A bill and its member as an event names them by the billing system's ids. */
export interface NamedByKey {
  readonly billKey: string;
  readonly memberKey: string;
}

const longestKey = 200;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads `{"memberId": "...", "billId": "..."}` with ids that are no numbers; undefined if it is none. An id
 * of digits only is a number of ours, which `decodeEvent` reads. Never throws.
 */
export function decodeKeys(value: Buffer | null, idKind: 'uuid' | 'text'): NamedByKey | undefined {
  if (value === null) return undefined;
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const billKey = keyOf('billId' in parsed ? parsed.billId : undefined, idKind);
    const memberKey = keyOf('memberId' in parsed ? parsed.memberId : undefined, idKind);
    if (billKey === undefined || memberKey === undefined || /^[0-9]+$/.test(billKey)) return undefined;
    return { billKey, memberKey };
  } catch {
    return undefined;
  }
}

/** As the database writes it. */
export function keyOf(value: unknown, idKind: 'uuid' | 'text'): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > longestKey) return undefined;
  if (idKind === 'text') return /\p{Cc}/u.test(value) ? undefined : value;
  const key = value.toLowerCase();
  return uuid.test(key) ? key : undefined;
}
