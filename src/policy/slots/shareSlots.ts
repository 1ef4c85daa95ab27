/** One process's part of the sends that a provider may have open at a time. */
export interface SlotHolder {
  /** How many it could use. */
  readonly want: number;
  readonly slots: number;
  /** By the database's clock, unix ms: then the process is dead, and so are its sends. */
  readonly untilMs: number;
}

export type SlotHolders = Readonly<Record<string, SlotHolder>>;

export interface SlotAsk {
  readonly holder: string;
  /** 0: none are needed. */
  readonly want: number;
  /** It cannot give these back yet: their sends are open. */
  readonly keep: number;
  /** Of the provider, for all processes together. */
  readonly limit: number;
  readonly ttlMs: number;
}

export interface SlotAnswer {
  readonly holders: SlotHolders;
  /** What it has now. */
  readonly slots: number;
  /** Its fair part: above `slots` if others must give back first, below if it must give back itself. */
  readonly target: number;
}

/**
 * Pure. Answers one process that asks for slots. A process that wants less than an equal part gets what it
 * wants, and the others share the rest. Slots that another process still has are never given away.
 *
 * Invariant: all slots that have not ended are together at most `limit`.
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

/** If slots do not divide evenly, processes take turns with the extra ones; how long a turn is. */
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
