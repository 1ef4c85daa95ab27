import type { SendAnswer } from '../../providers/provider.ts';
import type { RouteName } from '../../providers/providerShares.ts';
import { causeOf, type Trip } from './evidence.ts';
import type { Outcome } from './outcome.ts';

/** The outcome of a trial; undefined if it says nothing about the provider. */
export type TrialResult = 'accepted' | Trip | undefined;

export interface TrialChance {
  /** The brake that this trial may release: the channel's or the provider's. */
  readonly brake: RouteName;
  /** From this time of the monotonic clock on, another process may try, and this one begins nothing. */
  readonly expiresAtMs: number;
  /** The time from one trial to the next, if it is not accepted. */
  readonly intervalMs: number;
}

/**
 * The right to send one real bill although a brake is on.
 *
 * States: free, taken (a record is on its way to be sent), sent, over. If the record is not sent after all,
 * the trial is free again, so a record that cannot be claimed does not use it up.
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

  /** The time until the next trial is due, counted from when this one began. */
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

  /** Called when the record is done. If nothing was sent, another record may be tried. */
  giveBack(): void {
    if (this.#state === 'taken') this.#state = 'free';
  }

  end(result: TrialResult): void {
    this.#result = result;
    this.#state = 'over';
  }
}

/**
 * Pure. A refusal is about one bill and says nothing about the provider's state: only an acceptance releases
 * the brake.
 */
export function trialResultOf(outcome: Outcome | undefined, answer: SendAnswer): TrialResult {
  if (answer.kind === 'accepted') return 'accepted';
  if (outcome !== 'unknown' && outcome !== 'unreachable' && outcome !== 'settings') return undefined;
  return { kind: outcome, cause: causeOf(answer) };
}
