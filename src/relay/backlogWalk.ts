/** Where a window began; lets the walk go back to it. */
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
 * Reads what is owed, window after window, in the order of an index.
 *
 * Two readers take turns. The sweep goes from the first key to the last and begins again. The tail goes on behind
 * the last key that was read, where new rows come. If the sweep is quick, as it nearly always is, it does all the
 * work. It is slow in two cases: a long transaction keeps index entries of rows that owe nothing any more, and a
 * partition that cannot be written keeps its rows owed. Then the sweep rests in proportion, and the tail still finds
 * new rows at once.
 */
export interface BacklogWalk<Row, Key> {
  next(): Promise<Window<Row, Key>>;
  /** This window held many rows that could be published: the sweep goes on through its pass without a rest. */
  wasUseful(window: Window<Row, Key>): void;
  /** Rows of this window were left: they are wanted now. */
  goBackTo(start: WindowStart<Key>): void;
}

export interface BacklogWalkOptions<Row, Key> {
  /** Rows behind `after`, at most `limit`. `tail`: a few keys before it too, for rows that were committed late. */
  readonly read: (from: { after: Key; tail: boolean; limit: number }) => Promise<Row[]>;
  readonly keyOf: (row: Row) => Key;
  readonly first: Key;
  /** Behind all keys: there the tail begins. */
  readonly last: Key;
  readonly limit: number;
  readonly now?: () => number;
}

/** The sweep may cost this share of the time. */
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
