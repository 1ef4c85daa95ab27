import { type StepFailure, stepFailures } from './channelModule.ts';
import { type Channel, channels, type PerChannel } from './channels.ts';

/** What the settings say about one channel. */
export interface StepRules {
  /** The failures after which a bill goes on by the next channel. After any other it ends here. */
  readonly escalates: readonly StepFailure[];
  /** How long after the acceptance a negative receipt still lets the bill go on. */
  readonly receiptWithinMs: number;
  /** Whether its messages wait for the end of the member's quiet hours. */
  readonly keepsQuietHours: boolean;
}

/**
 * The channels in the order in which a bill tries them: `CHANNELS`. Plain values, made once from the settings
 * and handed to every function that asks what comes first or next.
 */
export interface Ladder {
  /** No channel occurs twice. */
  readonly order: readonly [Channel, ...Channel[]];
  /** Has channels too that `CHANNELS` does not name: a bill may still be on one of them. */
  readonly rules: PerChannel<StepRules>;
}

/** Where a bill is in its cycle. */
export interface Place {
  readonly channel: Channel;
  /** The channels that the cycle has left, in their order; null if it is on its first one. */
  readonly passed: readonly Channel[] | null;
}

/** The channel with which each cycle begins. */
export function firstChannel({ order }: Ladder): Channel {
  return order[0];
}

/**
 * Where a bill goes on after this failure; undefined if it ends here. A cycle never comes back to a channel
 * that it has left, even if the order was changed meanwhile: its key there is used up. A bill on a channel
 * that is no longer in the list goes on with the first one that it has not tried.
 */
export function nextChannel(
  { order, rules }: Ladder,
  { channel, passed }: Place,
  failure: StepFailure,
): Channel | undefined {
  if (!rules[channel].escalates.includes(failure)) return undefined;
  const later = order.slice(order.indexOf(channel) + 1);
  return passed === null ? later[0] : later.find((next) => !passed.includes(next));
}

/** Whether any bill of this channel can go on by another one. */
export function hasNext({ order, rules }: Ladder, channel: Channel): boolean {
  return channel !== order.at(-1) && rules[channel].escalates.length > 0;
}

/** The channels that a bill tries before this one, in their order. */
export function channelsBefore({ order }: Ladder, channel: Channel): readonly Channel[] {
  return order.slice(0, Math.max(0, order.indexOf(channel)));
}

/** The rules of a channel about which the settings say nothing. */
export function defaultRules(channel: Channel): StepRules {
  return {
    escalates: channels[channel].escalates ?? stepFailures,
    receiptWithinMs: 3 * 86_400_000,
    keepsQuietHours: channels[channel].keepsQuietHours,
  };
}
