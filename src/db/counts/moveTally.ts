import type { BillId, DispatcherId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';

/** The counts of moves that a process keeps in memory. */
const tallied = ['delivered', 'failed', 'in_doubt', 'sms'] as const;
export type TalliedCount = (typeof tallied)[number];

const windows = { name: 'count-windows', text: 'select first_id from bill_count order by first_id' };

const windowCount = { name: 'count-window-count', text: 'select count(*)::int from bill_count' };

const write = {
  name: 'write-moves',
  text: `
    insert into bill_move (first_id, source, seq, ${tallied.join(', ')})
    select part.first_id, $1::uuid, $2::bigint, ${tallied.map((name) => `part.${name}`).join(', ')}
    from unnest($3::bigint[], ${tallied.map((_, index) => `$${index + 4}::int[]`).join(', ')})
      as part (first_id, ${tallied.join(', ')})
    order by part.first_id
    on conflict (first_id, source) do update
    set ${tallied.map((name) => `${name} = bill_move.${name} + excluded.${name}`).join(', ')},
        seq = excluded.seq, at = now()
    where bill_move.seq < excluded.seq`,
};

/**
 * Adds up in memory, by window, what the path has moved, so that the path writes nothing for the counts.
 * `flush` writes the sums, once a second. What a crash loses is found when the window is counted again. It
 * does nothing until `readWindows` has found windows.
 *
 * If a write fails, the next `flush` repeats it with the same `seq`, so its sums count once even if it had
 * committed. Only if the window was counted in between do they count twice, and not for long: the repeated
 * row causes another count of the window.
 */
export class MoveTally {
  readonly #source: DispatcherId;
  #seq = 0;
  #firstIds: readonly string[] = [];
  /** The windows' first ids as numbers, for the search. */
  #firsts = new Float64Array(0);
  #counts = emptyCounts(0);
  #isDirty = false;
  /** The values of a write that may not have committed. */
  #pending: unknown[] | undefined;

  constructor(source: DispatcherId) {
    this.#source = source;
  }

  add(name: TalliedCount, billId: BillId, bills = 1): void {
    if (this.#firsts.length === 0) return;
    const counts = this.#counts[name];
    const index = this.#indexOf(Number(billId));
    counts[index] = (counts[index] ?? 0) + bills;
    this.#isDirty = true;
  }

  /** The window of an id; the first one begins before all ids. */
  #indexOf(id: number): number {
    let low = 0;
    for (let high = this.#firsts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((this.#firsts[middle] ?? 0) <= id) low = middle;
      else high = middle;
    }
    return low;
  }

  async flush(database: Database): Promise<void> {
    await this.#writePending(database);
    if (!this.#isDirty) return;
    const counts = this.#counts;
    const moved = [...this.#firstIds.keys()].filter((index) =>
      tallied.some((name) => counts[name][index] !== 0),
    );
    this.#counts = emptyCounts(this.#firstIds.length);
    this.#isDirty = false;
    this.#seq++;
    this.#pending = [
      this.#source,
      this.#seq,
      plainArray(moved.map((index) => this.#firstIds[index] ?? '')),
      ...tallied.map((name) => plainArray(moved.map((index) => counts[name][index] ?? 0))),
    ];
    await this.#writePending(database);
  }

  async #writePending(database: Database): Promise<void> {
    if (this.#pending === undefined) return;
    await database.query(write, this.#pending);
    this.#pending = undefined;
  }

  /**
   * Reads the windows again if there are more. Call it once a second. Until then the moves of a new window
   * count for the one that it was cut from.
   */
  async followWindows(database: Database): Promise<void> {
    const windowsNow = await queryCount(database, windowCount, []);
    if (windowsNow !== this.#firstIds.length) await this.readWindows(database);
  }

  /** Reads the list of windows. Sums for the old windows are transferred to the new ones. */
  async readWindows(database: Database): Promise<void> {
    const rows = await database.query<[string]>(windows);
    const [firstIds, counts] = [this.#firstIds, this.#counts];
    this.#firstIds = rows.map(([firstId]) => firstId);
    this.#firsts = Float64Array.from(this.#firstIds, Number);
    this.#counts = emptyCounts(rows.length);
    for (const name of tallied) {
      for (const [index, firstId] of firstIds.entries()) {
        const bills = counts[name][index] ?? 0;
        if (bills !== 0) this.add(name, firstId as BillId, bills);
      }
    }
  }
}

function emptyCounts(windowCount: number): Readonly<Record<TalliedCount, Int32Array>> {
  function empty(): Int32Array {
    return new Int32Array(windowCount);
  }
  return { delivered: empty(), failed: empty(), in_doubt: empty(), sms: empty() };
}
