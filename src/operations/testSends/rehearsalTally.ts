import type { TestResult } from './sendTests.ts';

/** What a rehearsal has come to, in bills. */
export interface RehearsalCounts {
  /** Looked at, and rendered. */
  readonly bills: number;
  readonly sent: number;
  /** By an earlier part of this rehearsal. */
  readonly sentBefore: number;
  /** Their contact is not in DELIVER_ONLY_TO, or REDIRECT_ALL_TO has none of its kind. */
  readonly notListed: number;
  /** They would be sent, if the limit were higher. */
  readonly beyondLimit: number;
  /** They would fail: by reason in `reasons`. */
  readonly unpreparable: number;
  readonly refused: number;
  /** Certainly not; the next part of the rehearsal sends them. */
  readonly notSent: number;
  /** Perhaps sent, also by an earlier part that crashed. They are not sent again. */
  readonly unknown: number;
  /** Bills by reason: of all that were not sent. */
  readonly reasons: Readonly<Record<string, number>>;
}

export const rehearsalEnds = ['all', 'limit', 'stopped'] as const;
/** `limit`: more bills could have been sent. `stopped`: somebody did, or the provider takes nothing. */
export type RehearsalEnd = (typeof rehearsalEnds)[number];

/** So many messages one after the other that the provider did not take: the others need not be tried. */
const mostInARow = 10;

/** Counts results, and sees when a provider takes nothing. */
export class RehearsalTally {
  readonly #counts = new Map<TestResult['kind'], number>();
  readonly #reasons = new Map<string, number>();
  #inARow = 0;
  #trouble = '';

  add(result: TestResult): void {
    this.#counts.set(result.kind, this.#count(result.kind) + 1);
    if ('reason' in result) {
      this.#reasons.set(result.reason, (this.#reasons.get(result.reason) ?? 0) + 1);
    }
    if (result.kind === 'notSent' || result.kind === 'unknown') {
      this.#inARow++;
      this.#trouble = result.cause ?? result.reason;
    } else if (result.kind === 'accepted' || result.kind === 'refused') {
      this.#inARow = 0;
    }
  }

  /** Why the last messages did not go out, if there is no use in going on. */
  get trouble(): string | undefined {
    return this.#inARow >= mostInARow ? this.#trouble : undefined;
  }

  get counts(): RehearsalCounts {
    return {
      bills: [...this.#counts.values()].reduce((sum, count) => sum + count, 0),
      sent: this.#count('accepted'),
      sentBefore: this.#count('before'),
      notListed: this.#count('unwanted'),
      beyondLimit: this.#count('beyondLimit'),
      unpreparable: this.#count('unpreparable'),
      refused: this.#count('refused'),
      notSent: this.#count('notSent'),
      unknown: this.#count('unknown'),
      reasons: Object.fromEntries([...this.#reasons].toSorted(([, a], [, b]) => b - a)),
    };
  }

  /** Messages that used up a part of the limit. */
  get used(): number {
    return (['accepted', 'before', 'refused', 'notSent', 'unknown'] as const).reduce(
      (sum, kind) => sum + this.#count(kind),
      0,
    );
  }

  #count(kind: TestResult['kind']): number {
    return this.#counts.get(kind) ?? 0;
  }
}
