/** From this day on (`YYYY-MM-DD`) so many per day; Infinity: no limit any more. */
export interface DayLimit {
  readonly from: string;
  readonly perDay: number;
}

/** By their days, each day once. Before the first one nothing may be sent. */
export type DayLimits = readonly DayLimit[];

/** Pure. What may be sent on a day; it stays the same until the next limit begins. */
export function limitOn(limits: DayLimits, day: string): number {
  return limits.findLast(({ from }) => from <= day)?.perDay ?? 0;
}

/**
 * Counts the sends of this process against a limit per day, which all processes share. A send is counted
 * before it begins, and given back if it certainly was not made.
 */
export interface DayQuota {
  /** Sends that may begin now. */
  readonly left: number;
  /** Nothing more may be sent today. */
  readonly isUsedUp: boolean;
  /** More are needed: asks for them, unless today's are used up. */
  want(): void;
  /** @param listener called when more may be sent */
  onRoom(listener: () => void): void;
  take(count: number): void;
  /** @param sinceMs when their sends began, of the monotonic clock: those of an earlier day are gone */
  giveBack(count: number, sinceMs: number): void;
  /** Takes one and gives 0 if it may be sent now; else the ms until it may be tried again. */
  waitMs(): Promise<number>;
  stop(): void;
}

/** Whose number it is. */
export interface QuotaName {
  /** A domain. */
  readonly sender: string;
  /** The domain that it counts; undefined: all of them. */
  readonly receiver: string | undefined;
}

/** Opens it without a query: the first one comes with the first send. */
export type OpenQuota = (name: QuotaName, limits: DayLimits) => DayQuota;

/** For a process that only looks up: nothing may be sent. */
export const nothingToSend: OpenQuota = () => ({
  left: 0,
  isUsedUp: true,
  want: () => undefined,
  onRoom: () => undefined,
  take: () => undefined,
  giveBack: () => undefined,
  waitMs: () => Promise.resolve(1_000),
  stop: () => undefined,
});
