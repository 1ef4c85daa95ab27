import { noOutcomes, type Outcome, type OutcomeCounts, outcomes } from './outcome.ts';
import { type BrakeKind, type BrakeLimits, countsAsBad, judgeCounts, judgeStreak } from './verdict.ts';

type Counts = Record<Outcome, number>;

interface Finding {
  readonly kind: BrakeKind;
  readonly counts: OutcomeCounts;
}

/**
 * The last outcomes of this process, whenever they came: after an hour of good answers, the share of a minute
 * would rise too slowly. The fewer outcomes a look covers, the more it allows above the limit, so that chance
 * alone trips no brake.
 *
 * Invariant: each look holds the counts of the last `size` outcomes, or of all if there are fewer.
 */
export class RecentOutcomes {
  readonly #ring = new Uint8Array(longest);
  #next = 0;
  #length = 0;
  #looks = looks.map((look) => ({ ...look, counts: zero() }));
  #streak = zero();
  #isStreak = false;

  /** Adds one outcome. */
  add(outcome: Outcome, limits: BrakeLimits): void {
    for (const { size, counts } of this.#looks) {
      if (this.#length >= size) counts[this.#outcomeBefore(size)]--;
      counts[outcome]++;
    }
    this.#ring[this.#next] = outcomes.indexOf(outcome);
    this.#next = (this.#next + 1) % longest;
    this.#length = Math.min(this.#length + 1, longest);
    if (countsAsBad(outcome, limits)) {
      this.#streak[outcome]++;
      this.#isStreak = true;
    } else if (this.#isStreak && (outcome === 'accepted' || outcome === 'refused')) {
      this.#endStreak();
    }
  }

  /**
   * The brake that the last outcomes call for, if any, and the counts that do.
   * @param unanswered sends without an answer yet
   */
  judge(limits: BrakeLimits, unanswered = 0): Finding | undefined {
    const byStreak = judgeStreak(this.#streak, limits, { unanswered });
    if (byStreak !== undefined) return { kind: byStreak, counts: this.#streak };
    for (const { size, counts } of this.#looks) {
      if (this.#length < size) break;
      const kind = judgeCounts(counts, limits, { sigmas, unanswered });
      if (kind !== undefined) return { kind, counts };
    }
    return undefined;
  }

  clear(): void {
    this.#next = 0;
    this.#length = 0;
    this.#looks = looks.map((look) => ({ ...look, counts: zero() }));
    this.#endStreak();
  }

  #endStreak(): void {
    this.#streak = zero();
    this.#isStreak = false;
  }

  #outcomeBefore(size: number): Outcome {
    const code = this.#ring[(this.#next - size + longest) % longest] ?? 0;
    return outcomes[code] ?? 'accepted';
  }
}

const looks = [{ size: 100 }, { size: 1_000 }] as const;
const longest = 1_000;
/** In standard deviations: chance puts less than one look in a million so far above its limit. */
const sigmas = 5;

function zero(): Counts {
  return { ...(noOutcomes satisfies OutcomeCounts) };
}
