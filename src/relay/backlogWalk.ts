/** The start of a window, to go back to. */
export interface WindowStart<Key> {
  readonly pass: number;
  readonly step: number;
  readonly after: Key;
}

export interface Window<Row, Key> {
  readonly rows: readonly Row[];
  readonly start: WindowStart<Key>;
  readonly reader: 'sweep' | 'tail';
}

/**
 * Reads what is owed, window by window, in the order of an index.
 *
 * Two readers take turns. The sweep reads from the first key to the last, and starts again. The tail reads
 * behind the last key, where new rows appear. Usually the sweep is quick and does all the work. It is slow in
 * two cases: a long transaction keeps index entries of rows that no longer owe anything, or a partition
 * cannot be written and its rows stay owed. Then the sweep rests in proportion to its cost, and the tail
 * still finds new rows at once.
 */
export interface BacklogWalk<Row, Key> {
  next(): Promise<Window<Row, Key>>;
  /** Many rows of this window could be published: the sweep continues its pass without a rest. */
  wasUseful(window: Window<Row, Key>): void;
  /** Rows of this window were left, and can be published now. */
  goBackTo(start: WindowStart<Key>): void;
}

export interface BacklogWalkOptions<Row, Key> {
  /**
   * At most `limit` rows behind `after`. `tail`: also a few keys before it, for rows that were committed
   * late.
   */
  readonly read: (from: { after: Key; tail: boolean; limit: number }) => Promise<Row[]>;
  readonly keyOf: (row: Row) => Key;
  readonly first: Key;
  /** Behind all keys: the tail starts there. */
  readonly last: Key;
  readonly limit: number;
  readonly now?: () => number;
}

/** The sweep rests this many times as long as it took. */
const restPerCost = 20;

export function createBacklogWalk<Row, Key>(options: BacklogWalkOptions<Row, Key>): BacklogWalk<Row, Key> {
  const { read, keyOf, first, last: end, limit, now = () => performance.now() } = options;
  let sweep: WindowStart<Key> = { pass: 0, step: 0, after: first };
  let sweepDueAt = 0;
  let tail = end;
  let isTailsTurn = false;

  const readSweep = async (): Promise<Window<Row, Key>> => {
    const start = sweep;
    const began = now();
    const rows = await read({ after: start.after, tail: false, limit });
    const last = rows.at(-1);
    const isAtEnd = rows.length < limit || last === undefined;
    sweep = isAtEnd
      ? { pass: start.pass + 1, step: 0, after: first }
      : { pass: start.pass, step: start.step + 1, after: keyOf(last) };
    if (isAtEnd && last !== undefined) tail = keyOf(last);
    isTailsTurn = !isAtEnd;
    sweepDueAt = now() + restPerCost * (now() - began);
    return { rows, start, reader: 'sweep' };
  };

  const readTail = async (): Promise<Window<Row, Key>> => {
    isTailsTurn = false;
    const rows = await read({ after: tail, tail: true, limit });
    const last = rows.at(-1);
    if (last !== undefined) tail = keyOf(last);
    return { rows, start: { ...sweep, pass: sweep.pass - 1 }, reader: 'tail' };
  };

  return {
    next: () => (isTailsTurn || now() < sweepDueAt ? readTail() : readSweep()),
    wasUseful({ reader }) {
      if (reader === 'sweep' && sweep.step > 0) sweepDueAt = 0;
    },
    goBackTo(start) {
      sweepDueAt = 0;
      if (start.pass === sweep.pass && start.step >= sweep.step) return;
      sweep = start.pass === sweep.pass ? start : { pass: sweep.pass, step: 0, after: first };
    },
  };
}
