import type { DayLimit, DayLimits } from '../dayQuota.ts';

/** Limits of mails per day while receivers get to know a sender: `SMTP_WARMUP`. */
export interface WarmupPlan {
  /** The limits for all mails together; undefined: no limit. */
  readonly all: DayLimits | undefined;
  /** The limits for mails to one domain. */
  readonly byReceiver: ReadonlyMap<string, DayLimits>;
}

export const noWarmup: WarmupPlan = { all: undefined, byReceiver: new Map() };

const entry = /^(?:([a-z0-9.-]+)\/)?(\d{4}-\d\d-\d\d):(\d+|unlimited)$/;

/**
 * Reads `2026-12-01:1000,2026-12-02:2000,2026-12-20:unlimited,gmail.com/2026-12-01:200`.
 * @throws Error saying what is wrong
 */
export function readWarmupPlan(text: string): WarmupPlan {
  const limits = new Map<string, DayLimit[]>();
  for (const part of text.split(',').map((one) => one.trim().toLowerCase())) {
    const [, receiver = '', from = '', perDay = ''] = entry.exec(part) ?? [];
    if (!isDay(from)) {
      throw new Error(
        'must be day:mails per day, such as 2026-12-01:1000,2026-12-02:2000,gmail.com/2026-12-01:200, ' +
          `and ${JSON.stringify(part)} is not`,
      );
    }
    const ofReceiver = limits.get(receiver) ?? [];
    limits.set(receiver, ofReceiver);
    if (ofReceiver.some((limit) => limit.from === from)) throw new Error(`must name ${part} once`);
    ofReceiver.push({ from, perDay: perDay === 'unlimited' ? Number.POSITIVE_INFINITY : Number(perDay) });
  }
  const sorted = [...limits].map(([receiver, all]) => [receiver, all.toSorted(byDay)] as const);
  return {
    all: sorted.find(([receiver]) => receiver === '')?.[1],
    byReceiver: new Map(sorted.filter(([receiver]) => receiver !== '')),
  };
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function byDay(a: DayLimit, b: DayLimit): number {
  return a.from < b.from ? -1 : 1;
}
