import type { DispatcherId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { AddressHasher } from '../send/addressHasher.ts';
import type { DatabaseClock } from '../send/databaseClock.ts';
import type { DecisionSettings } from '../send/decide.ts';
import type { Tally } from '../tally.ts';
import type { BatchRenewal } from './batchRenewal.ts';
import type { Settler } from './stages/settle.ts';

/** What the stages of the pipeline work with. */
export interface PipelineParts {
  readonly database: Database;
  readonly renderPool: RenderPool;
  readonly renewal: BatchRenewal;
  readonly settler: Settler;
  readonly log: Logger;
  /** For what may happen to many bills at once. */
  readonly tally: Tally;
  readonly dispatcherId: DispatcherId;
  readonly startDeadlineMs: number;
  readonly decisions: DecisionSettings;
  readonly addressHasher: AddressHasher;
  /** Of members' quiet hours; an IANA name. */
  readonly timeZone: string;
  /** By the database's clock. */
  readonly now: DatabaseClock;
}
