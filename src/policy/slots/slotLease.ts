import { type StartTimer, startNodeTimer } from '../../lib/nodeTimer.ts';
import { claimedFor } from '../brake/inHand.ts';

export interface SlotRequest {
  readonly want: number;
  readonly keep: number;
}

/** What was granted; for `target` see `shareSlots`. */
export interface SlotGrant {
  readonly slots: number;
  readonly target: number;
}

/** Asks for slots of the provider; undefined if the database does not answer. Never rejects. */
export type AskSlots = (request: SlotRequest) => Promise<SlotGrant | undefined>;

/** Sends of this process that are open, and those that wait for a slot. */
export interface SlotDemand {
  readonly taken: number;
  readonly waiting: number;
}

export interface SlotLeaseOptions {
  readonly ask: AskSlots;
  /** The monotonic clock; timers follow it. */
  readonly now?: () => number;
  readonly startTimer?: StartTimer;
}

/** A process begins no send if its last grant is older than this. */
export const grantMs = 5_000;
const renewMs = 1_000;
/** While sends wait for a slot, it asks again after so long. */
const askAgainMs = 100;
/** So many slots are wanted beyond those in use, so that the next send need not wait. */
const spare = 4;

/**
 * This process's share of a provider's open sends, whose number is limited over all processes.
 *
 * Invariant: no send begins if as many are open as the last answer granted, or if that answer is older than
 * `grantMs`. A slot is no longer used once the others can hear that it was given back.
 */
export class SlotLease {
  readonly #ask: AskSlots;
  readonly #now: () => number;
  readonly #startTimer: StartTimer;
  #demand: () => SlotDemand = () => ({ taken: 0, waiting: 0 });
  #onRoom: () => void = () => undefined;
  #grant = nothing;
  #untilMs = 0;
  #isNeeded = false;
  #asking: Promise<void> | undefined;
  /** It is asking, or a timer will make it ask again. */
  #isAwake = false;
  #isStopped = false;
  #stopTimer: () => void = () => undefined;

  constructor({ ask, now, startTimer }: SlotLeaseOptions) {
    this.#ask = ask;
    this.#now = now ?? (() => performance.now());
    this.#startTimer = startTimer ?? startNodeTimer;
  }

  /** @param onRoom called when more sends may begin than before */
  serve(demand: () => SlotDemand, onRoom: () => void): void {
    this.#demand = demand;
    this.#onRoom = onRoom;
  }

  /** How many sends may be open in this process. */
  get granted(): number {
    return this.#now() < this.#untilMs ? Math.min(this.#grant.slots, this.#grant.target) : 0;
  }

  /** Called when bills are about to need slots. */
  need(): void {
    this.#isNeeded = true;
    if (!this.#isAwake) this.#renew();
  }

  /** Gives all back. Call it when no send is open any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    await this.#asking;
    if (this.#untilMs === 0) return;
    this.#untilMs = 0;
    await this.#ask({ want: 0, keep: 0 });
  }

  #renew(): void {
    this.#stopTimer();
    if (this.#isStopped) return;
    this.#isAwake = true;
    const { taken, waiting } = this.#demand();
    const isNeeded = this.#isNeeded || taken + waiting > 0;
    this.#isNeeded = false;
    if (!isNeeded) this.#grant = nothing;
    const sentMs = this.#now();
    const { slots, target } = this.#grant;
    // Slots above the target are given back as soon as their sends are over.
    const keep = Math.min(slots, Math.max(target, taken));
    const request = { want: isNeeded ? 2 * (taken + waiting) + spare : 0, keep };
    this.#asking = this.#ask(request).then((grant) => {
      this.#asking = undefined;
      if (grant !== undefined) this.#take(grant, sentMs);
      this.#isAwake = isNeeded || this.#isNeeded;
      const isShort = this.#demand().waiting > 0 && this.granted <= this.#demand().taken;
      const givesBack = this.#grant.slots > this.#grant.target;
      // If nothing is needed, nothing is asked until the next `need`.
      if (this.#isAwake) this.#renewAfter(isShort || givesBack ? askAgainMs : renewMs);
    });
  }

  #take(grant: SlotGrant, sentMs: number): void {
    const before = this.granted;
    this.#grant = grant;
    this.#untilMs = sentMs + grantMs;
    if (this.granted > before) this.#onRoom();
  }

  #renewAfter(afterMs: number): void {
    this.#stopTimer();
    if (!this.#isStopped) this.#stopTimer = this.#startTimer(() => this.#renew(), afterMs);
  }
}

/**
 * How many bills may be claimed, by `claimedFor`. At least two, because slots are asked for only while bills
 * wait for them.
 * @param atOnce what may be sent at a time without the lease
 */
export function claimable(
  { lease, line }: { readonly lease?: SlotLease | undefined; readonly line?: SendTimes | undefined },
  atOnce: number,
): number {
  if (lease === undefined) return claimedFor(atOnce);
  lease.need();
  return Math.min(claimedFor(atOnce), claimedFor(Math.max(1, lease.granted), line?.meanMs));
}

/** How long sends take on average. */
interface SendTimes {
  readonly meanMs: number;
}

const nothing: SlotGrant = { slots: 0, target: 0 };
