import type { Channel } from '../../src/channels.ts';
import { ChannelBrake, type ChannelBrakeOptions } from '../../src/policy/brake/channelBrake.ts';
import type { ClusterWord } from '../../src/policy/brake/clusterWord.ts';
import { noOutcomes } from '../../src/policy/brake/outcome.ts';
import type { BrakeLimits } from '../../src/policy/brake/verdict.ts';
import type { RouteName } from '../../src/providers/providerShares.ts';

/** Limits that nothing exceeds. */
export const noLimits: BrakeLimits = { trouble: 1, refusals: 1, smsTurns: 1 };

/** The limits of a dispatcher by default. */
export const usualLimits: BrakeLimits = { trouble: 0.2, refusals: 0.2, smsTurns: 0.2 };

/** The cluster's word that all is well. */
export function wordOf(facts: Partial<ClusterWord> = {}): ClusterWord {
  return {
    kind: undefined,
    others: noOutcomes,
    limits: usualLimits,
    releasedAtMs: 0,
    isPaused: false,
    ...facts,
  };
}

/** A brake that has heard nothing from the cluster yet. */
export function createBrake({
  channel = 'EMAIL',
  ...options
}: Partial<ChannelBrakeOptions> & { channel?: Channel } = {}): ChannelBrake {
  return new ChannelBrake({
    route: channel,
    capacity: Number.POSITIVE_INFINITY,
    limits: usualLimits,
    ...options,
  });
}

/** A brake that lets everything through at full speed, whatever is answered. */
export function createOpenBrake(route: RouteName, capacity = Number.POSITIVE_INFINITY): ChannelBrake {
  const brake = createBrake({ route, capacity, limits: noLimits });
  brake.applyWord(wordOf({ limits: noLimits }));
  prove(brake);
  return brake;
}

/** Enough good answers to end its slow start. */
export function prove(brake: ChannelBrake): void {
  for (let answer = 0; answer < 400; answer++) {
    const start = brake.start();
    if (start !== undefined) brake.recordAnswer({ kind: 'accepted' }, start);
  }
}
