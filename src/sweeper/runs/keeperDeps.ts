import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { pauseRunRow } from '../../db/runs/runChanges.ts';
import type { Logger } from '../../log/log.ts';
import type { GateHold } from '../../runs/gates.ts';
import type { KeptRun } from './runMemory.ts';
import type { RunConfig } from './runSurroundings.ts';

export interface KeeperDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly config: RunConfig;
  readonly owner: DispatcherId;
  /** In the events of runs: `run keeper host:pid`. */
  readonly actor: string;
  /** Sends the seed addresses some bills of a run, once; missing: there are none. */
  readonly sendSeeds?: ((run: string) => Promise<SeedsEnd>) | undefined;
}

export type SeedsEnd =
  | { readonly kind: 'nothingToDo' | 'sent' }
  /** Not one message was accepted. */
  | { readonly kind: 'failed'; readonly why: string };

/** Why a run is held by its keeper, beside the gates: `run.hold`. */
type KeeperHold =
  | 'BILLS_CHANGED'
  | 'BRAKE'
  | 'CANARY_STUCK'
  | 'CANARY_WAITS'
  | 'FAILURES'
  | 'SEEDS_FAILED'
  | 'SOURCE_INVALID'
  | 'TEMPLATE_CHANGED';

export interface Hold {
  readonly code: KeeperHold | GateHold;
  /** A sentence with numbers. */
  readonly detail: string;
  /** Kept with the event. */
  readonly facts?: object;
}

/** Holds the run until a person resumes it, if it is still as it was seen. */
export async function holdRun(
  { database, log, actor }: KeeperDeps,
  { run }: KeptRun,
  { code, detail, facts = {} }: Hold,
): Promise<void> {
  const seen = { number: run.number, seenHash: run.planHash, actor, facts: { code, detail, ...facts } };
  const isHeld = await pauseRunRow(database, seen, { code, detail, phase: run.phase });
  if (isHeld) log.warn({ run: run.id, hold: code, detail }, 'run is held');
}
