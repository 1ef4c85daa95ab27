import type { Channel } from '../channels.ts';
import type { SendTally } from './sendTally.ts';

/** A provider of a channel in this process. */
export interface RouteSource {
  readonly channel: Channel;
  /** Of the provider. */
  readonly name: string;
  readonly sends: SendTally;
  /** Of one accepted message; undefined if no setting says it. */
  readonly price: number | undefined;
  /** Sends that may begin now; infinite if nothing limits them. */
  readonly tokens: () => number;
  /** Of the sends that all processes may have open, those of this one; undefined if there is no limit. */
  readonly slots: () => number | undefined;
  /** Whether the brake is on, as this process has last read. */
  readonly isBraked: () => boolean;
}
