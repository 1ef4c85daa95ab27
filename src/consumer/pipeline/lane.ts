import type { Channel } from '../../channels.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import type { ChannelBrake } from '../../policy/brake/channelBrake.ts';
import { ByteRoom } from '../../policy/byteRoom.ts';
import type { Provider } from '../../providers/provider.ts';

/**
 * One channel's way through the pipeline: e-mail and SMS share every stage but wait in separate queues, so
 * that a provider in trouble holds up its own channel only.
 */
export interface Lane {
  readonly channel: Channel;
  readonly provider: Provider;
  /** Bills from decode to settle above which no more are fetched. */
  readonly room: number;
  /** Bytes of records that are not claimed yet above which no more are fetched. */
  readonly roomBytes: number;
  /** Bills from claim to settle. */
  readonly claimed: Semaphore;
  /** Says how many may be claimed, and which sends may begin. */
  readonly brake: ChannelBrake;
  /** Bytes of the messages at the provider; undefined if it keeps none of them. */
  readonly messageRoom: ByteRoom | undefined;
}

/** An event takes less than 100 bytes; records of any size go through this room, a few at a time. */
const bytesPerRecord = 1_024;
const leastRoomBytes = 16 * 1024 * 1024;

/** An ordinary e-mail fits; those of thousands of items are sent a few at a time. */
const bytesPerMessage = 32 * 1024;
const leastMessageBytes = 64 * 1024 * 1024;

/**
 * No more is claimed than the provider takes in two turns: one that it is sending, one in preparation. An
 * eighth of the process's room is left to the other channel, whatever happens to this one.
 * @param maxInFlight bills of one process from decode to settle
 */
export function createLane({ brake, provider }: Pick<Lane, 'brake' | 'provider'>, maxInFlight: number): Lane {
  const room = Math.floor((maxInFlight * 7) / 8);
  return {
    channel: brake.channel,
    provider,
    room,
    roomBytes: Math.max(leastRoomBytes, room * bytesPerRecord),
    claimed: new Semaphore(Math.min(room, provider.concurrency * 2)),
    brake,
    messageRoom: Number.isFinite(provider.concurrency)
      ? new ByteRoom(Math.max(leastMessageBytes, provider.concurrency * bytesPerMessage))
      : undefined,
  };
}
