import { type Channel, channelNames } from '../../channels.ts';
import type { Database } from '../database.ts';

/** Which providers may be asked about bills in doubt. */
export interface ChannelsToAsk {
  /** Their brake is off. */
  readonly freely: readonly Channel[];
  /**
   * Their brake is on, and nobody has a bill to try: one question may find out whether the provider works
   * again.
   */
  readonly trying: readonly Channel[];
}

const select = {
  name: 'channels-to-ask',
  text: `
    select channel, coalesce(next_trial_at < now() - $1::float8 * interval '1 ms', false) from brake
    where kind is not null`,
};

/** A dispatcher with a bill takes a due trial within seconds. One that is due for this long has no taker. */
const untriedMs = 15_000;

/**
 * The look-ups of a channel pause while its brake is on: a provider that takes nothing is left alone. But if
 * all of its bills are in doubt, there is none to try, and the brake would never go off.
 */
export async function readChannelsToAsk(database: Database): Promise<ChannelsToAsk> {
  const braked = new Map(await database.query<[Channel, boolean]>(select, [untriedMs]));
  return {
    freely: channelNames.filter((channel) => !braked.has(channel)),
    trying: channelNames.filter((channel) => braked.get(channel) === true),
  };
}
