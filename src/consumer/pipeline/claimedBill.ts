import type { Claim } from '../../bill.ts';
import type { QuietHours } from '../../policy/quietHours.ts';
import type { RenderedBill } from '../../pool/renderPool.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';

/** A bill on its way through the pipeline: its record, to be done with in the end, and its claim. */
export interface ClaimedBill {
  readonly record: ReceivedRecord;
  readonly claim: Claim;
}

export interface LoadedBill extends ClaimedBill {
  /** As the database wrote it, unread; the thread that renders it parses it. */
  readonly text: string;
  /** The size of a text that was too large to be loaded; `text` says just that. */
  readonly largeBytes?: number;
  readonly quietHours?: QuietHours;
}

export interface PreparedBill extends ClaimedBill {
  /** They may begin while the bill waits for a slot. */
  readonly quietHours?: QuietHours | undefined;
  readonly message: Extract<RenderedBill, { kind: 'email' | 'text' }>;
}
