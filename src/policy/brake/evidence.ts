import type { SendAnswer } from '../../providers/provider.ts';
import { addCounts, noOutcomes, type Outcome, type OutcomeCounts } from './outcome.ts';
import { OutcomeWindow } from './outcomeWindow.ts';
import { RecentOutcomes } from './recentOutcomes.ts';
import { type BrakeKind, type BrakeLimits, judgeCounts } from './verdict.ts';

/** Why a brake stops its channel, as this process saw it. */
export interface Trip {
  readonly kind: BrakeKind;
  readonly cause: string;
}

/** What is judged together with this process's own outcomes. */
export interface Beside {
  readonly limits: BrakeLimits;
  /** The outcomes of the other dispatchers in the last minute. */
  readonly others: OutcomeCounts;
  /** Sends of this process without an answer yet. */
  readonly unanswered: number;
}

/**
 * The latest outcomes of one channel's bills, with the last cause of each kind. It tells which brake they
 * call for.
 */
export class Evidence {
  readonly window = new OutcomeWindow();
  readonly #recent = new RecentOutcomes();
  readonly #causes = new Map<Outcome, string>();

  add(outcome: Outcome, nowMs: number, limits: BrakeLimits): void {
    this.window.add(outcome, nowMs);
    this.#recent.add(outcome, limits);
  }

  /** Keeps the cause, to be reported if a brake is put on. */
  remember(outcome: Outcome, cause: string): void {
    this.#causes.set(outcome, cause);
  }

  /** Judges the last minute, over the whole cluster. */
  judgeMinute(beside: Beside): Trip | undefined {
    const counts = this.sum(beside.others);
    const kind = judgeCounts(counts, beside.limits, beside);
    return kind && this.#tripOf(kind, counts, '');
  }

  /** Judges the last minute, and also the last outcomes of this process, however old they are. */
  judge(beside: Beside): Trip | undefined {
    const last = this.#recent.judge(beside.limits, beside.unanswered);
    return last ? this.#tripOf(last.kind, last.counts, 'the last ') : this.judgeMinute(beside);
  }

  /** The outcomes of the last minute, in all dispatchers. */
  sum(others: OutcomeCounts = noOutcomes): OutcomeCounts {
    return addCounts(this.window.sum(performance.now()), others);
  }

  /** Forgets all outcomes so far. */
  clear(): void {
    this.window.clear();
    this.#recent.clear();
  }

  /** @param which of the outcomes were counted, in words: '' for those of a minute */
  #tripOf(kind: BrakeKind, { accepted, refused, turned }: OutcomeCounts, which: string): Trip {
    switch (kind) {
      case 'smsTurns': {
        const turns = refused + turned;
        const why = this.#causeOf(turned >= refused ? 'turned' : 'refused');
        return {
          kind,
          cause: `${turns} of ${which}${turns + accepted} bills turn to the next channel: ${why}`,
        };
      }
      case 'refusals': {
        const why = this.#causeOf('refused');
        return { kind, cause: `${refused} of ${which}${refused + accepted} refused: ${why}` };
      }
      case 'unknown':
      case 'unreachable':
      case 'settings':
        return { kind, cause: this.#causeOf(kind) };
      default:
        return kind satisfies never;
    }
  }

  #causeOf(outcome: Outcome): string {
    return this.#causes.get(outcome) ?? 'see the log of the other dispatchers';
  }
}

/** What happened, in words for people. */
export function causeOf(answer: Exclude<SendAnswer, { kind: 'accepted' }>): string {
  return answer.cause ?? answer.reason;
}
