/** What sweeps, look-ups and receipts change, by the label `kind`. */
const labels = {
  takenBack: 'taken_back',
  doubted: 'doubted',
  orphans: 'orphan',
  retransmitted: 'retransmitted',
  purged: 'purged',
  earlyReleased: 'early_released',
  earlyLettered: 'early_lettered',
  deadDispatchers: 'dead_dispatcher',
  foundAccepted: 'found_accepted',
  foundNever: 'found_never',
  receiptAccepted: 'receipt_accepted',
  receiptTurned: 'receipt_turned',
  receiptFailed: 'receipt_failed',
} as const;

type Move = keyof typeof labels;

/** Per kind of move, how many bills, events without a bill, or dispatchers were changed. */
export type Moves = Partial<Readonly<Record<Move, number>>>;

/** Counts what the sweeper and the relay of this process do while it is their turn. */
export class CaretakerMeter {
  readonly #moves: Partial<Record<Move, number>> = {};
  /** Unix time in seconds; undefined before the first sweep. */
  lastSweepAt: number | undefined;
  lastRelayRoundAt: number | undefined;
  relayed = 0;

  swept(moves: Moves): void {
    this.#add(moves);
    this.lastSweepAt = Date.now() / 1_000;
  }

  lookedUp(moves: Moves): void {
    this.#add(moves);
  }

  receiptsApplied(moves: Moves): void {
    this.#add(moves);
  }

  /** @param rows whose events and dead letters were published */
  relayRound(rows: number): void {
    this.relayed += rows;
    this.lastRelayRoundAt = Date.now() / 1_000;
  }

  get moves(): readonly { readonly kind: string; readonly count: number }[] {
    return moveNames.map((move) => ({ kind: labels[move], count: this.#moves[move] ?? 0 }));
  }

  #add(moves: Moves): void {
    for (const move of moveNames) this.#moves[move] = (this.#moves[move] ?? 0) + (moves[move] ?? 0);
  }
}

const moveNames = Object.keys(labels) as readonly Move[];
