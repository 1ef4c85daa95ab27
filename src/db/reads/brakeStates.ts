import { type Channel, channelsBefore, type PerChannel, perChannel } from '../../channels.ts';
import { type BrakeKind, needsPerson } from '../../policy/brake/verdict.ts';
import { type Braked, selectBrakes } from '../brake.ts';
import { type ChannelPace, selectPaces } from '../channelOutcomes.ts';
import type { Database } from '../database.ts';

/** The brake of one channel, as people see it. */
export interface BrakeState {
  readonly on: boolean;
  readonly since: Date | null;
  /** `pace`: it sends, as fast as the provider's 429 let it. */
  readonly kind: BrakeKind | 'pace' | null;
  /** What really happened: `ENOTFOUND typo.invalid`, `HTTP 402: no credit left`. */
  readonly cause: string | null;
  readonly by: string | null;
  readonly trials: number;
  readonly nextTrialAt: Date | null;
}

export type BrakeStates = PerChannel<BrakeState>;

/** How the brakes of all channels stand. */
export async function readBrakeStates(database: Database): Promise<BrakeStates> {
  return brakeStatesOf(await selectBrakes(database), await selectPaces(database));
}

/** Pure. If a brake waits for a person, later channels wait too: bills must not pour into them. */
export function brakeStatesOf(braked: readonly Braked[], paces: readonly ChannelPace[]): BrakeStates {
  const waiting = braked.filter(({ kind }) => needsPerson(kind));
  const of = (channel: Channel): BrakeState => {
    const before = channelsBefore(channel);
    const own = braked.find((one) => one.channel === channel);
    const brake = waiting.find((one) => before.includes(one.channel)) ?? own;
    if (brake !== undefined) {
      const { since, kind, reason: cause, by, trials, nextTrialAt } = brake;
      return { on: true, since, kind, cause, by, trials, nextTrialAt };
    }
    const pace = paces.find((one) => one.channel === channel);
    if (pace === undefined) return off;
    const cause = `${pace.cause}; ${pace.perSecond.toFixed(1)} bills a second`;
    return { ...off, on: true, kind: 'pace', cause, since: pace.since };
  };
  return perChannel(of);
}

export const off: BrakeState = {
  on: false,
  since: null,
  kind: null,
  cause: null,
  by: null,
  trials: 0,
  nextTrialAt: null,
};
