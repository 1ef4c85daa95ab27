import { type Channel, perChannel } from '../../src/channels.ts';
import { defaultRules, type Ladder } from '../../src/ladder.ts';

/** Channels in this order, with the rules that hold if the settings say nothing. */
export function ladderOf(first: Channel, ...others: readonly Channel[]): Ladder {
  return { order: [first, ...others], rules: perChannel(defaultRules) };
}

/** What billcast does if `CHANNELS` is not set. */
export const standardLadder = ladderOf('EMAIL', 'SMS');
