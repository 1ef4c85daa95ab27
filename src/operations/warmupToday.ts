import type { Channel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import { readWarmupToday, type WarmupToday } from '../db/warmupDays.ts';
import { type DayLimits, limitOn } from '../providers/dayQuota.ts';
import type { Warmup } from '../providers/providerKind.ts';
import { warmupOf } from '../providers/providerTraits.ts';
import type { OperationDeps } from './operationDeps.ts';

/** Today's limit of the warm-up plan, of all mails or of one domain's. */
export interface WarmupNumber {
  /** The domain that receives the mails; null: all mails. */
  readonly receiver: string | null;
  /** Null: there is no limit any more. 0: the plan has not begun. */
  readonly planned: number | null;
  /** Mails that were sent, or that a dispatcher has reserved. */
  readonly reserved: number;
  readonly plannedTomorrow: number | null;
  /** Nothing more of it goes out today. */
  readonly isUsedUp: boolean;
}

export interface WarmupState {
  /** The domain of `SMTP_FROM`. */
  readonly sender: string;
  /** `YYYY-MM-DD` in `TIME_ZONE`, by the database's clock. */
  readonly day: string;
  readonly endsAt: Date;
  /** That of all mails first, if there is one. */
  readonly numbers: readonly WarmupNumber[];
}

/** How today's number of mails stands; null if `SMTP_WARMUP` is not set or not used. */
export async function readWarmup({
  config,
  database,
}: Pick<OperationDeps, 'config' | 'database'>): Promise<WarmupState | null> {
  const { sender, plan } = usedWarmup(config) ?? {};
  if (sender === undefined || plan === undefined) return null;
  return warmupState(sender, plan, await readWarmupToday(database, { sender, timeZone: config.timeZone }));
}

/** The warm-up plan by which these settings send, and its channel. */
export function usedWarmup({
  ladder,
  providers,
  providerSettings,
}: Pick<Config, 'ladder' | 'providers' | 'providerSettings'>): UsedWarmup | undefined {
  for (const channel of ladder.order) {
    const warmup = warmupOf(providers[channel], providerSettings);
    if (warmup !== undefined) return { channel, ...warmup };
  }
  return undefined;
}

interface UsedWarmup extends Warmup {
  readonly channel: Channel;
}

/** Pure. */
export function warmupState(sender: string, plan: Warmup['plan'], today: WarmupToday): WarmupState {
  const { day, endsAt, reserved } = today;
  const tomorrow = dayAfter(day);
  const numberOf = (receiver: string | undefined, limits: DayLimits): WarmupNumber => {
    const planned = limitOn(limits, day);
    const used = reserved.find((one) => one.receiver === receiver)?.reserved ?? 0;
    return {
      receiver: receiver ?? null,
      planned: finite(planned),
      reserved: used,
      plannedTomorrow: finite(limitOn(limits, tomorrow)),
      isUsedUp: used >= planned,
    };
  };
  const all = plan.all === undefined ? [] : [numberOf(undefined, plan.all)];
  const others = [...plan.byReceiver].map(([receiver, limits]) => numberOf(receiver, limits));
  return { sender, day, endsAt, numbers: [...all, ...others] };
}

/** Pure. Today's number of all mails, if it is used up: then no mail goes out today. */
export function usedUpNumber(state: Pick<WarmupState, 'numbers'> | null): WarmupNumber | undefined {
  return state?.numbers.find(({ receiver, isUsedUp }) => receiver === null && isUsedUp);
}

/** Pure. Whether no mail at all may be sent today any more. */
export function isDayUsedUp(state: Pick<WarmupState, 'numbers'> | null): boolean {
  return usedUpNumber(state) !== undefined;
}

/** It in words: `1,000 of 1,000 mails of 2026-12-01, the next 2,000 from 2026-12-02 00:00:00`. */
export function warmupText(
  { day, endsAt }: WarmupState,
  { planned, reserved, plannedTomorrow, isUsedUp }: WarmupNumber,
  time: (at: Date) => string,
): string {
  const count = (mails: number): string => mails.toLocaleString('en');
  if (planned === null) return `no limit any more; ${count(reserved)} mails of ${day}`;
  const next = plannedTomorrow === null ? 'as many as there are' : count(plannedTomorrow);
  const then = plannedTomorrow === 0 ? '' : `, the next ${next} from ${time(endsAt)}`;
  if (planned === 0) return `no mail on ${day}, because the plan allows none yet${then}`;
  const used = `${count(reserved)} of ${count(planned)} mails of ${day}`;
  return isUsedUp ? `${used} are used up: bills wait${then}` : used;
}

function finite(mails: number): number | null {
  return Number.isFinite(mails) ? mails : null;
}

/** Pure. `YYYY-MM-DD` to the next one. */
export function dayAfter(day: string, days = 1): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
