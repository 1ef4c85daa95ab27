import type { RehearsalCounts } from './rehearsalCounts.ts';
import type { TestResult } from './sendTests.ts';

/** If the provider did not take so many messages in a row, the others need not be tried. */
const mostInARow = 10;

/** Counts results, and notices when a provider takes nothing. */
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

  /** Why the last messages were not taken, if it is useless to go on; otherwise undefined. */
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

  /** Messages that count towards the limit. */
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
