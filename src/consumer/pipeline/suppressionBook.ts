import type { MemberId } from '../../bill.ts';
import { type Channel, type PerChannel, perChannel } from '../../channels.ts';

/**
 * Which members have an address on the suppression list, in memory, so that the path asks no server about all
 * others. It may still name a member who is off the list again, so members in it are looked up in the list
 * itself.
 */
export class SuppressionBook {
  readonly #members: PerChannel<Set<MemberId>> = perChannel(() => new Set());

  add(channel: Channel, memberId: MemberId): void {
    // A channel of a newer billcast, or of one that is not used any more.
    this.#members[channel]?.add(memberId);
  }

  isEmpty(channel: Channel): boolean {
    return this.#members[channel].size === 0;
  }

  has(channel: Channel, memberId: MemberId): boolean {
    return this.#members[channel].has(memberId);
  }
}
