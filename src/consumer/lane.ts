import type { Channel } from '../bill.ts';
import type { ChannelBrake } from '../send/brake/channelBrake.ts';
import type { Provider } from '../send/provider.ts';
import { Slots } from '../send/slots.ts';

/**
 * One channel's way through the pipeline: e-mail and SMS share every stage but wait in separate queues, so
 * that a provider in trouble holds up its own channel only.
 */
export interface Lane {
  readonly channel: Channel;
  readonly provider: Provider;
  /** Bills from decode to settle above which no more are fetched. */
  readonly room: number;
  /** Bills from claim to settle. */
  readonly claimed: Slots;
  /** Says how many may be claimed, and which sends may begin. */
  readonly brake: ChannelBrake;
}

/**
 * No more is claimed than the provider takes in two turns: one that it is sending, one in preparation. An
 * eighth of the process's room is left to the other channel, whatever happens to this one.
 * @param maxInFlight bills of one process from decode to settle
 */
export const createLane = (
  { brake, provider }: Pick<Lane, 'brake' | 'provider'>,
  maxInFlight: number,
): Lane => {
  const room = Math.floor((maxInFlight * 7) / 8);
  return {
    channel: brake.channel,
    provider,
    room,
    claimed: new Slots(Math.min(room, provider.concurrency * 2)),
    brake,
  };
};
