import type { ClusterWord } from './clusterWord.ts';
import type { Trip } from './evidence.ts';
import type { OutcomeCounts } from './outcome.ts';
import { noOutcomes } from './outcome.ts';
import { type BrakeKind, type BrakeLimits, needsPerson } from './verdict.ts';

/**
 * What holds a channel back in this process: what the cluster says, and a trip of this process that the
 * cluster does not know yet.
 */
export class ProcessBrakeState {
  readonly #ownLimits: BrakeLimits;
  #word: ClusterWord | undefined;
  #trip: Trip | undefined;
  #isReported = false;

  /** @param ownLimits used until the cluster's are read */
  constructor(ownLimits: BrakeLimits) {
    this.#ownLimits = ownLimits;
  }

  /** The brake that is on in the cluster, as last read. */
  get heardKind(): BrakeKind | undefined {
    return this.#word?.kind;
  }

  /** Whether the cluster is paused, as last read; undefined before that. */
  get isPaused(): boolean | undefined {
    return this.#word?.isPaused;
  }

  get unreportedTrip(): Trip | undefined {
    return this.#isReported ? undefined : this.#trip;
  }

  get kind(): BrakeKind | undefined {
    return this.#trip?.kind ?? this.#word?.kind;
  }

  get isBraked(): boolean {
    return this.kind !== undefined;
  }

  /** Nothing may start, except a trial. */
  get isClosed(): boolean {
    return this.#word === undefined || this.#word.isPaused || this.isBraked;
  }

  /** A brake for the provider's sake is the only obstacle, so a trial may help. */
  get isOpenToTrials(): boolean {
    const kind = this.#word?.kind;
    return kind !== undefined && !needsPerson(kind) && this.#word?.isPaused === false;
  }

  get limits(): BrakeLimits {
    return this.#word?.limits ?? this.#ownLimits;
  }

  /** The outcomes of the other processes. */
  get others(): OutcomeCounts {
    return this.#word?.others ?? noOutcomes;
  }

  trip(trip: Trip): void {
    this.#trip = trip;
  }

  markReported(): void {
    this.#isReported = true;
  }

  /** @returns whether the brake was released since the last reading: older outcomes no longer count */
  apply(word: ClusterWord): { isReleased: boolean } {
    const isReleased = this.#word !== undefined && this.#word.releasedAtMs !== word.releasedAtMs;
    this.#word = word;
    if (this.#isReported || isReleased) {
      this.#trip = undefined;
      this.#isReported = false;
    }
    return { isReleased };
  }
}
