import type { DispatcherId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { Settler } from './stages/settle.ts';

/** What the stages of the pipeline work with. */
export interface PipelineParts {
  readonly database: Database;
  readonly renderPool: RenderPool;
  readonly settler: Settler;
  readonly log: Logger;
  readonly dispatcherId: DispatcherId;
  readonly startDeadlineMs: number;
  readonly retransmit: { readonly delayMs: number; readonly maxCycles: number };
}
