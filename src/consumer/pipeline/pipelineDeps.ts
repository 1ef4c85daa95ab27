import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import type { Logger } from '../../log/log.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';
import type { AddressHasher } from '../../policy/addressHasher.ts';
import type { DatabaseClock } from '../../policy/databaseClock.ts';
import type { DecisionOptions } from '../../policy/decide.ts';
import type { RenderPool } from '../../pool/renderPool.ts';
import type { BatchRenewal } from './batchRenewal.ts';
import type { Settler } from './settler.ts';

/** What the stages of the pipeline work with. */
export interface PipelineDeps {
  readonly database: Database;
  readonly renderPool: RenderPool;
  readonly renewal: BatchRenewal;
  readonly settler: Settler;
  readonly log: Logger;
  /** For what may happen to many bills at once. */
  readonly throttledLog: ThrottledLog;
  readonly dispatcherId: DispatcherId;
  readonly startDeadlineMs: number;
  readonly decisions: DecisionOptions;
  readonly addressHasher: AddressHasher;
  /** Of members' quiet hours; an IANA name. */
  readonly timeZone: string;
  /** By the database's clock. */
  readonly now: DatabaseClock;
}
