import { type StartTimer, startNodeTimer } from '../../lib/nodeTimer.ts';
import { claimedFor } from '../brake/inHand.ts';

export interface SlotRequest {
  readonly want: number;
  readonly keep: number;
}

/** What was granted; `target` as `shareSlots` says it. */
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
  /** The monotonic clock, and its timers. */
  readonly now?: () => number;
  readonly startTimer?: StartTimer;
}

/** A process begins no send under a grant that is older. */
export const grantMs = 5_000;
const renewMs = 1_000;
/** How soon it asks again while sends wait for a slot. */
const askAgainMs = 100;
/** Wanted beside what is in use, so that the next send need not wait. */
const spare = 4;

/**
 * This process's part of a provider's open sends, which all processes share.
 *
 * Invariant: no send begins if as many are open as the last answer granted, or if that answer is older than
 * `grantMs`. A slot that is given back is not used any more before the others hear of it.
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
  /** It will ask again by itself, or is asking. */
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

  /** Bills are about to need slots. */
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
    // What is above the target is given back as soon as its sends are over.
    const keep = Math.min(slots, Math.max(target, taken));
    const request = { want: isNeeded ? 2 * (taken + waiting) + spare : 0, keep };
    this.#asking = this.#ask(request).then((grant) => {
      this.#asking = undefined;
      if (grant !== undefined) this.#take(grant, sentMs);
      this.#isAwake = isNeeded || this.#isNeeded;
      const isShort = this.#demand().waiting > 0 && this.granted <= this.#demand().taken;
      const givesBack = this.#grant.slots > this.#grant.target;
      // If nothing is needed it sleeps until the next `need`.
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
 * How many bills may be claimed, by `claimedFor`. Two at least: while they wait for a slot, slots are asked
 * for.
 * @param atOnce without the lease
 */
export function claimable(
  { lease, line }: { readonly lease?: SlotLease | undefined; readonly line?: SendTimes | undefined },
  atOnce: number,
): number {
  if (lease === undefined) return claimedFor(atOnce);
  lease.need();
  return Math.min(claimedFor(atOnce), claimedFor(Math.max(1, lease.granted), line?.meanMs));
}

/** How long sends take. */
interface SendTimes {
  readonly meanMs: number;
}

const nothing: SlotGrant = { slots: 0, target: 0 };
