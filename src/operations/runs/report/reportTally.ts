import type { BillId } from '../../../bill.ts';
import {
  type AttemptGroup,
  billsNamed,
  type ReportGroup,
  type ReportWindow,
} from '../../../db/runs/reportRows.ts';

/** Bills for which a check does not hold: how many, and the first few. */
export interface Named {
  readonly bills: number;
  readonly billIds: readonly BillId[];
}

/** The sums of all windows: groups of bills and of attempts with the same properties. */
export interface Tallied {
  readonly groups: readonly ReportGroup[];
  readonly attempts: readonly AttemptGroup[];
  readonly acceptedTwice: Named;
}

/** Adds up windows. Its size depends on how many kinds of bills there are, never on their number. */
export class ReportTally {
  readonly #groups = new Map<string, ReportGroup>();
  readonly #attempts = new Map<string, AttemptGroup>();
  #acceptedTwice: Named = { bills: 0, billIds: [] };

  add({ groups, attempts, acceptedTwice }: ReportWindow): void {
    for (const group of groups) this.#addGroup(group);
    for (const group of attempts) this.#addAttempts(group);
    this.#acceptedTwice = {
      bills: this.#acceptedTwice.bills + acceptedTwice.length,
      billIds: firstOf(this.#acceptedTwice.billIds, acceptedTwice),
    };
  }

  total(): Tallied {
    return {
      groups: [...this.#groups.values()],
      attempts: [...this.#attempts.values()],
      acceptedTwice: this.#acceptedTwice,
    };
  }

  #addGroup(group: ReportGroup): void {
    const { bills, amount, billIds, ...alike } = group;
    const key = JSON.stringify(Object.values(alike));
    const before = this.#groups.get(key);
    if (before === undefined) {
      this.#groups.set(key, group);
      return;
    }
    this.#groups.set(key, {
      ...alike,
      bills: before.bills + bills,
      amount: before.amount + amount,
      billIds: firstOf(before.billIds, billIds),
    });
  }

  #addAttempts(group: AttemptGroup): void {
    const { provider, channel, outcome } = group;
    const key = JSON.stringify([provider, channel, outcome]);
    const before = this.#attempts.get(key);
    this.#attempts.set(key, {
      provider,
      channel,
      outcome,
      attempts: group.attempts + (before?.attempts ?? 0),
      messages: group.messages + (before?.messages ?? 0),
      longMessages: group.longMessages + (before?.longMessages ?? 0),
      answered: group.answered + (before?.answered ?? 0),
    });
  }
}

function firstOf(before: readonly BillId[], more: readonly BillId[]): readonly BillId[] {
  return [...before, ...more].slice(0, billsNamed);
}
