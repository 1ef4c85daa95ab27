import type { SendAnswer } from '../../providers/provider.ts';
import type { RouteName } from '../../providers/providerShares.ts';
import { causeOf, type Trip } from './evidence.ts';
import type { Outcome } from './outcome.ts';

/** The outcome of a trial; undefined if it says nothing about the provider. */
export type TrialResult = 'accepted' | Trip | undefined;

export interface TrialChance {
  /** The brake that it may end: that of the channel, or of the provider. */
  readonly brake: RouteName;
  /** Of the monotonic clock: from then on another process may try, and this one begins nothing. */
  readonly expiresAtMs: number;
  /** From one trial to the next, if it is not accepted. */
  readonly intervalMs: number;
}

/**
 * The chance to send one real bill past a brake that is on.
 *
 * States: free, taken (a record is on its way to be sent), sent, over. If a record does not become a
 * send, the trial is free again: records that cannot be claimed cost none.
 */
export class Trial {
  #state: 'free' | 'taken' | 'sent' | 'over' = 'free';
  #result: TrialResult;
  readonly #chance: TrialChance;

  readonly #startedMs = performance.now();

  constructor(chance: TrialChance) {
    this.#chance = chance;
  }

  get brake(): RouteName {
    return this.#chance.brake;
  }

  /** Until the next one is due, which counts from when this one began. */
  get msToNext(): number {
    return Math.max(0, this.#startedMs + this.#chance.intervalMs - performance.now());
  }

  get isFree(): boolean {
    return this.#state === 'free' && !this.hasExpired;
  }

  get hasExpired(): boolean {
    return performance.now() > this.#chance.expiresAtMs;
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  get result(): TrialResult {
    return this.#result;
  }

  take(): void {
    this.#state = 'taken';
  }

  sent(): void {
    this.#state = 'sent';
  }

  /** The record's way has ended; if nothing was sent, another one may be tried. */
  giveBack(): void {
    if (this.#state === 'taken') this.#state = 'free';
  }

  end(result: TrialResult): void {
    this.#result = result;
    this.#state = 'over';
  }
}

/**
 * Pure. A refusal is the provider's word about one bill, and says nothing of how it is: only an acceptance
 * opens.
 */
export function trialResultOf(outcome: Outcome | undefined, answer: SendAnswer): TrialResult {
  if (answer.kind === 'accepted') return 'accepted';
  if (outcome !== 'unknown' && outcome !== 'unreachable' && outcome !== 'settings') return undefined;
  return { kind: outcome, cause: causeOf(answer) };
}
