import { type Channel, channelNames } from '../channels.ts';

/** One brake of `status`: of a channel, or of one of its providers. */
export interface ListedBrake<Brake> {
  readonly channel: Channel;
  /** Null: of the whole channel. */
  readonly provider: string | null;
  readonly brake: Brake;
}

/** Each channel's brake, followed by those of its providers if it has several. */
export function listBrakes<Brake>(
  brakes: Readonly<Record<Channel, Brake & { readonly providers?: Readonly<Record<string, Brake>> }>>,
): ListedBrake<Brake>[] {
  return channelNames.flatMap((channel) => [
    { channel, provider: null, brake: brakes[channel] },
    ...Object.entries(brakes[channel].providers ?? {}).map(([provider, brake]) => ({
      channel,
      provider,
      brake,
    })),
  ]);
}
