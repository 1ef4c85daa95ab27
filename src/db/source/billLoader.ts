import type { BillId, Claim } from '../../bill.ts';
import type { Database } from '../database.ts';

/**
 * Loads what is needed to prepare claimed bills. A bill that is missing from the answer is BILL_INCOMPLETE,
 * and so is one that does not belong to the claim's member.
 *
 * It must answer the same whenever it is asked again, write nothing, and read by the bills' ids: it runs once
 * per micro-batch on the path of every bill. Large texts stay in the server until they are asked for
 * (`mostBytes`), so that no single bill fills the memory.
 */
export type BillLoader = (
  database: Database,
  claims: readonly Claim[],
  /** Of one bill's text; a larger one comes without its text. */
  mostBytes: number,
) => Promise<ReadonlyMap<BillId, LoadedTexts>>;

export interface LoadedTexts {
  /**
   * What the templates show, still encrypted, as `render/bill/parseSourceBill.ts` reads it: a JSON array
   * `[columns, items, months]` of texts or nulls, with dates as `YYYY-MM-DD` and `issuedAt` in UTC. Its
   * `loadedText` writes one. `tooLargeText` stands for a bill that is larger than asked for.
   */
  readonly text: string;
  /** The member's hours without messages to the phone, `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string };
  /** Of a bill that is larger than asked for: how many bytes its text has. */
  readonly largeBytes?: number;
}

/** The largest bill that is shown: room for some 30,000 items. */
export const largestBillBytes = 12_000_000;

export function tooLargeText(bytes: number): string {
  return JSON.stringify({ tooLargeBytes: bytes });
}
