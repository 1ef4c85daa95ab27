import type { OutcomeCounts } from './outcome.ts';
import type { BrakeKind, BrakeLimits } from './verdict.ts';

/** What the whole cluster knows of a channel, as this process last read it. */
export interface ClusterWord {
  /** Undefined if the brake is off. */
  readonly kind: BrakeKind | undefined;
  /** The outcomes of the other dispatchers in the last minute. */
  readonly others: OutcomeCounts;
  readonly limits: BrakeLimits;
  /** When a person or a trial released it the last time, ms; 0: never. */
  readonly releasedAtMs: number;
  /** A person's pause, or another channel's brake that a person must release. */
  readonly isPaused: boolean;
}
