import type { Channel } from '../channels.ts';
import type { SendTally } from './sendTally.ts';

/** A provider of a channel in this process. */
export interface RouteSource {
  readonly channel: Channel;
  /** The provider's name. */
  readonly name: string;
  readonly sends: SendTally;
  /** The price of one accepted message; undefined if no setting gives it. */
  readonly price: number | undefined;
  /** How many sends may begin now; infinite if nothing limits them. */
  readonly tokens: () => number;
  /**
   * How many sends this process may have open, out of those of all processes; undefined if there is no limit.
   */
  readonly slots: () => number | undefined;
  /** Whether the brake is on, as this process has last read. */
  readonly isBraked: () => boolean;
}
