/** From the day (`YYYY-MM-DD`) on, so many sends per day; Infinity: no limit any more. */
export interface DayLimit {
  readonly from: string;
  readonly perDay: number;
}

/** In the order of their days, each day once. Before the first day nothing may be sent. */
export type DayLimits = readonly DayLimit[];

/** Pure: how many sends a day allows. A limit holds until the next one begins. */
export function limitOn(limits: DayLimits, day: string): number {
  return limits.findLast(({ from }) => from <= day)?.perDay ?? 0;
}

/**
 * Counts the sends of this process against a limit per day, which all processes share. A send is counted
 * before it begins, and given back if it certainly was not made.
 */
export interface DayQuota {
  /** How many sends may begin now. */
  readonly left: number;
  /** Whether nothing more may be sent today. */
  readonly isUsedUp: boolean;
  /** Asks for more sends, unless today's are used up. */
  want(): void;
  /** @param listener called when more may be sent */
  onRoom(listener: () => void): void;
  take(count: number): void;
  /**
   * @param sinceMs when their sends began, by the monotonic clock: those of an earlier day are not given back
   */
  giveBack(count: number, sinceMs: number): void;
  /** Takes one send. 0: it may begin now. Otherwise the ms until the bill may be tried again. */
  waitMs(): Promise<number>;
  stop(): void;
}

/** Identifies a limit per day. */
export interface QuotaName {
  /** The sender's domain. */
  readonly sender: string;
  /** The receiving domain that is limited; undefined: all of them together. */
  readonly receiver: string | undefined;
}

/** Opens a quota. It asks the database only at the first send. */
export type OpenQuota = (name: QuotaName, limits: DayLimits) => DayQuota;

/** For a process that only looks doubts up: nothing may be sent. */
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
