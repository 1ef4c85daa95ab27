/** One process's share of a provider's slots: the sends that may be open at a time. */
export interface SlotHolder {
  /** How many slots it could use. */
  readonly want: number;
  readonly slots: number;
  /** Unix ms by the database's clock. After this time the process is dead, and its sends are over. */
  readonly untilMs: number;
}

export type SlotHolders = Readonly<Record<string, SlotHolder>>;

export interface SlotAsk {
  readonly holder: string;
  /** How many slots it could use; 0: it needs none. */
  readonly want: number;
  /** Slots that it cannot give back yet: their sends are open. */
  readonly keep: number;
  /** The provider's limit for all processes together. */
  readonly limit: number;
  readonly ttlMs: number;
}

export interface SlotAnswer {
  readonly holders: SlotHolders;
  /** The slots that it has now. */
  readonly slots: number;
  /**
   * Its fair share: above `slots` if others must give some back first, below if it must give some back
   * itself.
   */
  readonly target: number;
}

/**
 * Pure: answers one process that asks for slots. A process that wants less than an equal share gets what it
 * wants, and the others share the rest. Slots that another process still has are never given away.
 *
 * Invariant: the slots of all holders whose time is not over are together at most `limit`.
 */
export function shareSlots(holders: SlotHolders, ask: SlotAsk, nowMs: number): SlotAnswer {
  const { holder, limit, ttlMs } = ask;
  const alive = Object.entries(holders).filter(([, { untilMs }]) => untilMs > nowMs);
  const others = alive.filter(([name]) => name !== holder);
  const had = alive.find(([name]) => name === holder)?.[1].slots ?? 0;
  const wants = new Map(others.map(([name, { want }]) => [name, want]));
  const target = targetOf(wants.set(holder, ask.want), ask, nowMs);
  const taken = others.reduce((sum, [, { slots }]) => sum + slots, 0);
  const slots = Math.max(Math.min(ask.keep, had), Math.min(target, limit - taken), 0);
  const ours = { want: ask.want, slots, untilMs: nowMs + ttlMs };
  const isOver = ask.want === 0 && slots === 0;
  return { slots, target, holders: Object.fromEntries([...others, ...(isOver ? [] : [[holder, ours]])]) };
}

/** If slots do not divide evenly, processes take turns with the extra ones. This is the length of a turn. */
const turnMs = 5_000;

function targetOf(
  wants: ReadonlyMap<string, number>,
  { holder, want, limit }: SlotAsk,
  nowMs: number,
): number {
  const hungry = [...wants].filter(([, one]) => one > 0).map(([name]) => name);
  const equal = limit / Math.max(1, hungry.length);
  if (want <= equal) return want;
  const rest = [...wants.values()].reduce((sum, one) => sum - (one <= equal ? one : 0), limit);
  const sharers = hungry.filter((name) => (wants.get(name) ?? 0) > equal).sort();
  const part = Math.floor(rest / sharers.length);
  const turn = (sharers.indexOf(holder) + Math.floor(nowMs / turnMs)) % sharers.length;
  return Math.min(want, part + (turn < rest % sharers.length ? 1 : 0));
}
