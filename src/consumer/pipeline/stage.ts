import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import type { BillLoader } from '../../db/source/billLoader.ts';
import type { BillIdKind } from '../../db/source/billSource.ts';
import type { Logger } from '../../log/log.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';
import type { PathMeters } from '../../metrics/pathMeters.ts';
import type { AddressHasher } from '../../policy/addressHasher.ts';
import type { DatabaseClock } from '../../policy/databaseClock.ts';
import type { DecisionOptions } from '../../policy/decide.ts';
import type { QuietHours } from '../../policy/quietHours.ts';
import type { RenderPool, SendableBill } from '../../pool/renderPool.ts';
import type { BatchBook } from './batchBook.ts';
import type { BatchRenewal } from './batchRenewal.ts';
import type { ClaimedBill } from './lane.ts';
import type { LateAnswers } from './lateAnswers.ts';
import type { Settler } from './settler.ts';
import type { SuppressionBook } from './suppressionBook.ts';

/** What the stages of the pipeline work with. */
export interface StageDeps {
  readonly database: Database;
  readonly loadBills: BillLoader;
  /** The kind of the billing system's ids; `bigint`: they are our own numbers. */
  readonly idKind: BillIdKind;
  readonly renderPool: RenderPool;
  readonly renewal: BatchRenewal;
  readonly batchBook: BatchBook;
  /** Writes what became of a bill, and then closes it. */
  readonly settler: Settler;
  readonly lateAnswers: LateAnswers;
  readonly meters: PathMeters;
  readonly log: Logger;
  /** For what may happen to many bills at once. */
  readonly throttledLog: ThrottledLog;
  readonly dispatcherId: DispatcherId;
  readonly startDeadlineMs: number;
  readonly decisions: DecisionOptions;
  readonly addressHasher: AddressHasher;
  readonly suppressionBook: SuppressionBook;
  /** The time zone of members' quiet hours: an IANA name. */
  readonly timeZone: string;
  /** The time by the database's clock. */
  readonly now: DatabaseClock;
}

/** A bill between `load` and `render`. */
export interface LoadedBill {
  readonly bill: ClaimedBill;
  /** What the database wrote, unparsed: the thread that renders it parses it. */
  readonly text: string;
  /** The size of a text that was too large to be loaded; `text` then says only that. */
  readonly largeBytes?: number;
  readonly quietHours?: QuietHours;
}

/** A bill between `render` and `handOff`. */
export interface PreparedBill {
  readonly bill: ClaimedBill;
  /** They may begin while the bill waits for a slot. */
  readonly quietHours: QuietHours | undefined;
  readonly message: SendableBill;
}
