import type { BillId } from '../bill.ts';

/**
 * Invariant 1, told by a ledger: at most one acceptance per bill, cycle and channel; another channel may follow only
 * on a recorded bounce of the earlier attempt.
 */
export interface SecondAcceptances {
  /** An acceptance's key, `<billId>:<channel>:<cycle>`, in the ledger's order. */
  add(key: string): void;
  /** Bills whose attempts must all have bounced on record, or they are duplicated: those keys. */
  followed(): ReadonlyMap<BillId, readonly string[]>;
  /** @param bounced keys of attempts whose bounce is on record */
  duplicatedBills(bounced: ReadonlySet<string>): Set<string>;
}

export function createSecondAcceptances(): SecondAcceptances {
  /** The channels that have accepted, by bill and cycle; nearly always one, whose name is one string for all. */
  const channelsOf = new Map<string, string>();
  const duplicated = new Set<string>();
  const followed = new Map<BillId, string[]>();
  return {
    add(key) {
      const [billId = '', channel = '', cycle] = key.split(':');
      const attempts = `${billId}:${cycle}`;
      const channels = channelsOf.get(attempts);
      if (channels === undefined) {
        channelsOf.set(attempts, interned(channel));
        return;
      }
      const earlier = channels.split('+');
      if (earlier.includes(channel)) {
        duplicated.add(billId);
        return;
      }
      channelsOf.set(attempts, interned(`${channels}+${channel}`));
      const keys = followed.get(billId as BillId) ?? [];
      followed.set(billId as BillId, [...keys, `${billId}:${earlier.at(-1)}:${cycle}`]);
    },
    followed: () => followed,
    duplicatedBills(bounced) {
      const unexcused = [...followed].flatMap(([billId, keys]) =>
        keys.every((key) => bounced.has(key)) ? [] : [billId],
      );
      return new Set([...duplicated, ...unexcused]);
    },
  };
}

const strings = new Map<string, string>();

/** A part of a key keeps the whole line of the ledger alive. */
const interned = (text: string): string => {
  const known = strings.get(text);
  if (known !== undefined) return known;
  strings.set(text, text);
  return text;
};
