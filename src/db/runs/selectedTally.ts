import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../runs/proposal.ts';

/** The counts of a selection. */
export interface SelectedCounts {
  /** Bills that are held since that moment or longer. */
  readonly bills: number;
  /** Bills that are released, sent or cancelled. */
  readonly notHeld: number;
  /** Bills that are held too, but came after that moment, by their `changed_at`. */
  readonly heldLater: number;
  /** The sum of the held bills' amounts; null if the source does not give them. */
  readonly amount: string | null;
  /** The currency of that sum; null if the bills have several, or it is not known. */
  readonly currency: string | null;
  /** The held bills by the channel with which each begins. */
  readonly channels: Readonly<Record<string, number>>;
  readonly fingerprint: Fingerprint;
}

/** Bills of one channel in a part of 4,096 ids, with the hashes of their ids and amounts. */
export interface SelectedPart {
  readonly channel: string;
  readonly held: number;
  readonly others: number;
  readonly later: number;
  readonly amount: string | null;
  /** The first and the last currency by name; if they are the same, all bills have it. */
  readonly currencies: readonly string[];
  readonly ofHeld: Buffer | null;
  readonly ofAll: Buffer | null;
}

interface AmountOptions {
  /** Whether the source gives the amount of each bill. */
  readonly hasAmounts: boolean;
  /** The currency of bills that name none. */
  readonly usualCurrency: string;
}

/** Adds up parts in the order of their ids and channels, in memory that does not grow with them. */
export class SelectedTally {
  readonly #channels = new Map<string, number>();
  readonly #currencies = new Set<string>();
  readonly #ofHeld = createHash('sha256');
  readonly #ofAll = createHash('sha256');
  #held = 0;
  #others = 0;
  #later = 0;
  #amount = 0n;
  #hasAll = false;

  add({ channel, held, others, later, amount, currencies, ofHeld, ofAll }: SelectedPart): void {
    for (const currency of currencies) this.#currencies.add(currency);
    this.#held += held;
    this.#others += others;
    this.#later += later;
    this.#amount += BigInt(amount ?? 0);
    if (held > 0) this.#channels.set(channel, (this.#channels.get(channel) ?? 0) + held);
    if (ofHeld !== null) this.#ofHeld.update(ofHeld);
    if (ofAll === null) return;
    this.#ofAll.update(ofAll);
    this.#hasAll = true;
  }

  /** Call it once, at the end. */
  counts({ hasAmounts, usualCurrency }: AmountOptions): SelectedCounts {
    const [first = usualCurrency] = this.#currencies;
    return {
      bills: this.#held,
      notHeld: this.#others,
      heldLater: this.#later,
      amount: hasAmounts ? String(this.#amount) : null,
      currency: hasAmounts && this.#currencies.size < 2 ? first : null,
      channels: Object.fromEntries([...this.#channels].toSorted(([one], [other]) => (one < other ? -1 : 1))),
      fingerprint: {
        bills: this.#held > 0 ? this.#ofHeld.digest('hex') : '',
        selection: this.#hasAll ? this.#ofAll.digest('hex') : '',
      },
    };
  }
}
