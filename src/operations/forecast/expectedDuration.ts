import type { Channel } from '../../channels.ts';
import type { MeasuredRate } from '../../db/reads/measuredRate.ts';
import { nameInSetting, type ProviderShares } from '../../providers/providerShares.ts';
import type { MessageCount } from './expectedCost.ts';
import type { WarmupWait } from './warmupWait.ts';

export interface DurationFacts {
  /** By `PROVIDER_RATES`: the duration of the slowest channel; null if no provider has a rate. */
  readonly atProviderPace: { readonly seconds: number; readonly channel: Channel } | null;
  /** By the speed of the last month; null if nothing was sent from which it could be measured. */
  readonly atMeasuredRate: ({ readonly seconds: number } & MeasuredRate) | null;
  /** At the pace of the plan; null if it has none. */
  readonly atPlannedPace: { readonly seconds: number; readonly billsPerSecond: number } | null;
  /** The time until the last mail may go out by `SMTP_WARMUP`; null if no mail has to wait for it. */
  readonly atWarmup: WarmupWait | null;
  /**
   * The longest of these, and which one it is; null if none is known. Windows and quiet hours are not
   * included.
   */
  readonly expected: {
    readonly seconds: number;
    readonly by: 'providerPace' | 'measuredRate' | 'plannedPace' | 'warmup';
  } | null;
}

export interface DurationRequest {
  readonly bills: number;
  readonly messages: readonly MessageCount[];
  readonly rates: Readonly<Record<string, number>>;
  readonly shares: ProviderShares;
  readonly measured: MeasuredRate | undefined;
  /** The plan's pace. */
  readonly perSecond: number | undefined;
  readonly atWarmup: DurationFacts['atWarmup'];
}

/** Pure: how long the bills take, without windows and quiet hours. */
export function expectedDuration(request: DurationRequest): DurationFacts {
  const { bills, measured, perSecond, atWarmup } = request;
  const atProviderPace = slowestChannel(request);
  const atMeasuredRate =
    measured === undefined ? null : { seconds: secondsOf(bills, measured.billsPerSecond), ...measured };
  const atPlannedPace =
    perSecond === undefined ? null : { seconds: secondsOf(bills, perSecond), billsPerSecond: perSecond };
  const known = [
    { by: 'providerPace' as const, seconds: atProviderPace?.seconds },
    { by: 'measuredRate' as const, seconds: atMeasuredRate?.seconds },
    { by: 'plannedPace' as const, seconds: atPlannedPace?.seconds },
    { by: 'warmup' as const, seconds: atWarmup?.seconds },
  ].flatMap(({ by, seconds }) => (seconds === undefined ? [] : [{ seconds, by }]));
  const expected = known.toSorted((a, b) => b.seconds - a.seconds)[0] ?? null;
  return { atProviderPace, atMeasuredRate, atPlannedPace, atWarmup, expected };
}

/** Channels send side by side, and so do the providers of a channel. */
function slowestChannel({ messages, rates, shares }: DurationRequest): DurationFacts['atProviderPace'] {
  const byChannel = Map.groupBy(messages, ({ channel }) => channel);
  const paced = [...byChannel].flatMap(([channel, counts]) => {
    const total = counts.reduce((sum, count) => sum + count.messages, 0);
    const weights = shares[channel].reduce((sum, { weight }) => sum + weight, 0);
    return shares[channel].flatMap(({ name, weight }) => {
      const rate = rates[nameInSetting(rates, channel, name)];
      return rate === undefined ? [] : [{ channel, seconds: secondsOf((total * weight) / weights, rate) }];
    });
  });
  return paced.toSorted((a, b) => b.seconds - a.seconds)[0] ?? null;
}

function secondsOf(bills: number, perSecond: number): number {
  return Math.ceil(bills / perSecond);
}
