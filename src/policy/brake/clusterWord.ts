import type { OutcomeCounts } from './outcome.ts';
import type { BrakeKind, BrakeLimits } from './verdict.ts';

/** What is known about a channel in the whole cluster, as this process last read it. */
export interface ClusterWord {
  /** Undefined if the brake is off. */
  readonly kind: BrakeKind | undefined;
  /** The outcomes of the other dispatchers in the last minute. */
  readonly others: OutcomeCounts;
  readonly limits: BrakeLimits;
  /** When a person or a trial last released it, in ms; 0: never. */
  readonly releasedAtMs: number;
  /** A person has paused the cluster, or another channel's brake waits for a person. */
  readonly isPaused: boolean;
}
