import { type Channel, channelNames } from '../channels.ts';
import type { Ladder } from '../ladder.ts';

/** One brake in `status`: that of a channel, or of one of its providers. */
export interface ListedBrake<Brake> {
  readonly channel: Channel;
  /** Null if it is the whole channel's. */
  readonly provider: string | null;
  readonly brake: Brake;
}

/** The brakes of the channels that are used. */
export type UsedBrakes<Brake> = Partial<
  Record<Channel, Brake & { readonly providers?: Readonly<Record<string, Brake>> }>
>;

export function usedBrakes<Brake>(
  { order }: Ladder,
  brakes: Readonly<Record<Channel, Brake>>,
): Partial<Record<Channel, Brake>> {
  return Object.fromEntries(order.map((channel) => [channel, brakes[channel]]));
}

/** The brake of each channel, followed by those of its providers if it has several. */
export function listBrakes<Brake>(brakes: UsedBrakes<Brake>): ListedBrake<Brake>[] {
  return channelNames.flatMap((channel) => {
    const whole = brakes[channel];
    if (whole === undefined) return [];
    const each = Object.entries(whole.providers ?? {});
    return [
      { channel, provider: null, brake: whole },
      ...each.map(([provider, brake]) => ({ channel, provider, brake })),
    ];
  });
}
