import type { Channel } from '../../channels.ts';
import { type DayLimits, limitOn } from '../../providers/dayQuota.ts';
import type { Warmup } from '../../providers/providerKind.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { dayAfter, readWarmup, usedWarmup, type WarmupState } from '../warmupToday.ts';

export interface ExpectedMails {
  readonly now: Date;
  /** The factor from the bills that were looked at to all bills. */
  readonly scale: number;
  readonly messages: readonly { readonly channel: Channel; readonly messages: number }[];
  readonly domains: readonly { readonly domain: string; readonly bills: number }[];
}

/**
 * How long e-mails wait for the warm-up plan. If a channel has several providers, the others go on sending,
 * so nothing waits.
 */
export async function readWarmupWait(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  { now, scale, messages, domains }: ExpectedMails,
): Promise<WarmupWait | null> {
  const state = await readWarmup(deps);
  const { channel, plan } = usedWarmup(deps.config) ?? {};
  if (state === null || channel === undefined || plan === undefined) return null;
  if (deps.config.providers[channel].length > 1) return null;
  return warmupWait({
    state,
    plan,
    now,
    mails: messages.reduce((sum, one) => sum + (one.channel === channel ? one.messages : 0), 0),
    domains: domains.map(({ domain, bills }) => ({ domain, bills: Math.round(bills * scale) })),
  });
}

export interface WarmupWait {
  readonly seconds: number;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

export interface WarmupWaitRequest {
  readonly state: WarmupState;
  readonly plan: Warmup['plan'];
  readonly now: Date;
  /** The e-mails of the forecast: all together, and by domain. */
  readonly mails: number;
  readonly domains: readonly { readonly domain: string; readonly bills: number }[];
}

const dayMs = 24 * 60 * 60_000;
/** A plan that takes longer cannot be meant. */
const mostDays = 3_650;

/** Pure: how long it takes until the last mail may go out, and on which day; null if all go out today. */
export function warmupWait({ state, plan, now, mails, domains }: WarmupWaitRequest): WarmupWait | null {
  const days = state.numbers.map(({ receiver, reserved }) => {
    const wanted =
      receiver === null ? mails : (domains.find(({ domain }) => domain === receiver)?.bills ?? 0);
    const limits = (receiver === null ? plan.all : plan.byReceiver.get(receiver)) ?? [];
    return daysFor(wanted, { limits, day: state.day, reserved });
  });
  const longest = Math.max(0, ...days);
  if (longest === 0) return null;
  const untilMs = state.endsAt.getTime() + (longest - 1) * dayMs;
  return {
    seconds: Math.max(0, Math.ceil((untilMs - now.getTime()) / 1_000)),
    day: dayAfter(state.day, longest),
  };
}

/** The number of midnights after which the last mail goes out. */
function daysFor(
  mails: number,
  { limits, day, reserved }: { readonly limits: DayLimits; readonly day: string; readonly reserved: number },
): number {
  let left = mails - Math.max(0, limitOn(limits, day) - reserved);
  let days = 0;
  while (left > 0 && days < mostDays) left -= limitOn(limits, dayAfter(day, ++days));
  return days;
}
