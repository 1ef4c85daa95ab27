import { createHash } from 'node:crypto';
import type { Fingerprint } from '../../runs/proposal.ts';

/** The bills of a selection. */
export interface SelectedCounts {
  /** Held since that moment or longer. */
  readonly bills: number;
  /** Released, sent or cancelled. */
  readonly notHeld: number;
  /** Held too, but only after that moment by their `changed_at`. */
  readonly heldLater: number;
  /** Sum of the billed amounts of the held ones; null if the source cannot say. */
  readonly amount: string | null;
  /** Of that sum; null if the bills have several, or it is not known. */
  readonly currency: string | null;
  /** The held ones, by the channel that each begins with. */
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
  /** Of that sum: the first and the last one by name. */
  readonly currencies: readonly string[];
  readonly ofHeld: Buffer | null;
  readonly ofAll: Buffer | null;
}

interface AmountOptions {
  /** Whether the source says what each bill asks for. */
  readonly hasAmounts: boolean;
  /** Of bills that name none. */
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

  /** To be asked once. */
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
