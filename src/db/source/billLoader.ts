import type { BillId, Claim } from '../../bill.ts';
import type { Database } from '../database.ts';

/**
 * Loads what is needed to prepare claimed bills. If a bill is missing from the answer, or does not belong to
 * the claim's member, it is BILL_INCOMPLETE.
 *
 * It must give the same answer whenever it is asked again, write nothing, and read by the bills' ids: it runs
 * once per batch on the path of every bill. Texts above `mostBytes` stay in the server until they are asked
 * for, so that no single bill fills the memory.
 */
export type BillLoader = (
  database: Database,
  claims: readonly Claim[],
  /** The most bytes of one bill's text. A larger bill comes without its text. */
  mostBytes: number,
) => Promise<ReadonlyMap<BillId, LoadedTexts>>;

export interface LoadedTexts {
  /**
   * What the templates show, still encrypted, in the form that `render/bill/parseSourceBill.ts` reads: a JSON
   * array `[columns, items, months]` of texts or nulls, with dates as `YYYY-MM-DD` and `issuedAt` in UTC. Its
   * `loadedText` writes one. `tooLargeText` stands for a bill that is larger than asked for.
   */
  readonly text: string;
  /** The member's quiet hours, for messages to the phone: `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string };
  /** The size of the text in bytes, if it is larger than asked for. */
  readonly largeBytes?: number;
}

/** The largest bill that can be shown: room for some 30,000 items. */
export const largestBillBytes = 12_000_000;

export function tooLargeText(bytes: number): string {
  return JSON.stringify({ tooLargeBytes: bytes });
}
