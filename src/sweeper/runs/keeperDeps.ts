import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { pauseRunRow } from '../../db/runs/runChanges.ts';
import type { Logger } from '../../log/log.ts';
import type { GateHold } from '../../runs/gates.ts';
import type { KeptRun, SeedsEnd } from './runMemory.ts';
import type { RunConfig } from './runSurroundings.ts';

export interface KeeperDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly config: RunConfig;
  readonly owner: DispatcherId;
  /** The name in the events of runs: `run keeper host:pid`. */
  readonly actor: string;
  /** Sends some bills of a run to the seed addresses, once; missing if there are none. */
  readonly sendSeeds?: ((run: string) => Promise<SeedsEnd>) | undefined;
}

/** Why the keeper holds a run, besides the gates: `run.hold`. */
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
  /** Stored with the event. */
  readonly facts?: object;
}

/** Holds the run until a person resumes it, unless it has changed since it was read. */
export async function holdRun(
  { database, log, actor }: KeeperDeps,
  { run }: KeptRun,
  { code, detail, facts = {} }: Hold,
): Promise<void> {
  const seen = { number: run.number, seenHash: run.planHash, actor, facts: { code, detail, ...facts } };
  const isHeld = await pauseRunRow(database, seen, { code, detail, phase: run.phase });
  if (isHeld) log.warn({ run: run.id, hold: code, detail }, 'run is held');
}
