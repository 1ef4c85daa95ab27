import type { BillId } from '../bill.ts';

/**
 * Checks invariant 1 by ledgers: at most one acceptance per bill, cycle and channel. Another channel may
 * follow only a recorded bounce of the earlier attempt. Each channel may have its own ledger, so their order
 * says nothing: of the accepted attempts of one cycle, all but one must have bounced.
 */
export interface SecondAcceptances {
  /** An acceptance's key, `<billId>:<channel>:<cycle>`. */
  add(key: string): void;
  /**
   * Bills that several channels accepted in one cycle. Whether that is allowed depends on recorded bounces.
   */
  undecided(): readonly BillId[];
  /** @param bounced keys of attempts whose bounce is recorded */
  duplicatedBills(bounced: ReadonlySet<string>): Set<string>;
}

export function createSecondAcceptances(): SecondAcceptances {
  /**
   * The channels that have accepted, by bill and cycle. Nearly always it is one channel, and all entries
   * share one string.
   */
  const channelsOf = new Map<string, string>();
  const severalOf = new Set<string>();
  const duplicated = new Set<string>();
  return {
    add(key) {
      const [billId = '', channel = '', cycle] = key.split(':');
      const attempts = `${billId}:${cycle}`;
      const channels = channelsOf.get(attempts);
      if (channels === undefined) {
        channelsOf.set(attempts, interned(channel));
      } else if (channels.split('+').includes(channel)) {
        duplicated.add(billId);
      } else {
        channelsOf.set(attempts, interned(`${channels}+${channel}`));
        severalOf.add(attempts);
      }
    },
    undecided: () => [...severalOf].map((attempts) => attempts.split(':')[0] as BillId),
    duplicatedBills(bounced) {
      const unexcused = [...severalOf].flatMap((attempts) => {
        const [billId = '', cycle] = attempts.split(':');
        const channels = channelsOf.get(attempts)?.split('+') ?? [];
        const standing = channels.filter((channel) => !bounced.has(`${billId}:${channel}:${cycle}`));
        return standing.length > 1 ? [billId] : [];
      });
      return new Set([...duplicated, ...unexcused]);
    },
  };
}

const strings = new Map<string, string>();

/**
 * Copies a part of a text. Without this, a part of a key would keep the whole line of the ledger in memory.
 */
function interned(text: string): string {
  const known = strings.get(text);
  if (known !== undefined) return known;
  strings.set(text, text);
  return text;
}
