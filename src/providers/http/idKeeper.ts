import type { Channel } from '../../channels.ts';
import type { Logger } from '../../log/log.ts';
import { keepableId } from './providerId.ts';

export interface IdKeeper {
  /** The part of a provider's id that may be kept; undefined if none. */
  keep(id: string | undefined, to: string, billId: string): string | undefined;
}

/** Keeps as much of the providers' ids as may be kept, and warns once about each peculiarity. */
export function createIdKeeper(channel: Channel, log: Logger): IdKeeper {
  const warned = new Set<string>();
  const warnOnce = (billId: string, warning: string): void => {
    if (warned.has(warning)) return;
    warned.add(warning);
    log.warn({ channel, billId }, warning);
  };
  return {
    keep(id, to, billId) {
      const kept = id === undefined ? undefined : keepableId(id, to);
      if (kept === undefined) warnOnce(billId, 'gateway accepts without an id that can be kept');
      else if (kept !== id) {
        warnOnce(billId, "gateway makes its ids of the recipient's number or address: they are masked");
      }
      return kept;
    },
  };
}
