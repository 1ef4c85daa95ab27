import type { SendAnswer } from '../providers/provider.ts';
import { BucketTally } from './bucketTally.ts';

/** The possible results of a send, and why: all values of the labels `outcome` and `reason`. */
const kinds = [
  { outcome: 'accepted', reason: 'none' },
  { outcome: 'refused', reason: 'none' },
  { outcome: 'not_sent', reason: 'not_begun' },
  { outcome: 'not_sent', reason: 'unreachable' },
  { outcome: 'not_sent', reason: 'busy' },
  { outcome: 'not_sent', reason: 'pace' },
  { outcome: 'misconfigured', reason: 'settings' },
  { outcome: 'misconfigured', reason: 'settings_or_bill' },
  { outcome: 'unknown', reason: 'none' },
] as const;

export type SendKind = (typeof kinds)[number];

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** The answers of one channel's provider. It allocates nothing per answer. */
export class SendTally {
  readonly #counts = new Float64Array(kinds.length);
  readonly #durations: readonly BucketTally[];
  readonly #durationOf: readonly BucketTally[];

  constructor() {
    const byOutcome = new Map(kinds.map(({ outcome }) => [outcome, new BucketTally(seconds)]));
    this.#durations = [...byOutcome.values()];
    this.#durationOf = kinds.map(({ outcome }) => byOutcome.get(outcome) ?? new BucketTally(seconds));
  }

  /** @param elapsedMs from the start of the send to its answer */
  record(answer: SendAnswer, elapsedMs: number): void {
    const kind = kindOf(answer);
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#durationOf[kind]?.record(elapsedMs / 1_000);
  }

  get accepted(): number {
    return this.#counts[placeOf.accepted] ?? 0;
  }

  get counts(): readonly (SendKind & { readonly count: number })[] {
    return kinds.map((kind, index) => ({ ...kind, count: this.#counts[index] ?? 0 }));
  }

  get durations(): readonly { readonly outcome: SendKind['outcome']; readonly tally: BucketTally }[] {
    const outcomes = [...new Set(kinds.map(({ outcome }) => outcome))];
    return this.#durations.flatMap((tally, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ outcome, tally }];
    });
  }
}

/** The index of the answer in `kinds`. */
function kindOf(answer: SendAnswer): number {
  switch (answer.kind) {
    case 'notSent':
      // If there was no trouble, the send was late, or it was stopped.
      return placeOfTrouble[answer.trouble ?? 'none'];
    case 'misconfigured':
      return answer.scope === 'settingsOrBill' ? 7 : 6;
    default:
      return placeOf[answer.kind];
  }
}

const placeOf = { accepted: 0, refused: 1, unknown: 8 } as const;
const placeOfTrouble = { none: 2, unreachable: 3, busy: 4, pace: 5 } as const;
