import type { Database } from '../../../src/db/database.ts';
import { settledStatement } from '../benchRows.ts';
import type { Latency } from './latency.ts';

/** How the bills of a run were settled, by the database's own clock. */
export interface Settled {
  readonly bills: number;
  readonly failed: number;
  /** Bills that were delivered by SMS. */
  readonly bySms: number;
  /** Between the bill at 10 % and the one at 90 % in the order of their settling. */
  readonly steadyBillsPerSecond: number;
  /** When the bills at 10 % and at 90 % were settled, in milliseconds since 1970. */
  readonly steadyMs: readonly [number, number];
  /** From the first event (or the first hand-off, if all events existed before) to the last bill. */
  readonly wholeBillsPerSecond: number;
  /** From the event's publication; null if that was before the start. */
  readonly eventToHandOff: Latency | null;
  readonly eventToSettled: Latency | null;
  readonly handOffToSettled: Latency;
}

export async function readSettled(database: Database, lastBillId: number): Promise<Settled> {
  const [row] = await database.query<[Settled]>(settledStatement, [lastBillId]);
  if (row === undefined) throw new Error('no bill was settled');
  return row[0];
}
