import { keyOf } from '../../billKey.ts';

/** A bill and its member by the billing system's ids, as an event names them. */
export interface NamedByKey {
  readonly billKey: string;
  readonly memberKey: string;
}

/**
 * Reads `{"memberId": "...", "billId": "..."}` with ids that are not numbers; undefined if they are not such
 * ids. An id of digits only is a number of ours, which `decodeEvent` reads. Never throws.
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
