import type { OpenRun } from '../../db/runs/openRuns.ts';
import type { RunRest } from '../../db/runs/runRest.ts';
import type { Plan, PlannedSelection } from '../../runs/plan.ts';
import type { Proposal } from '../../runs/proposal.ts';
import { RunSpeed } from '../../runs/releaseRoom.ts';
import type { RunPhase } from '../../runs/runState.ts';
import { OpenBatches } from './openBatches.ts';

/** The result of sending the seed messages of a run. */
export type SeedsEnd =
  | { readonly kind: 'nothingToDo' | 'sent' }
  /** No message was accepted. */
  | { readonly kind: 'failed'; readonly why: string };

/** What a keeper remembers of a run. All that must not be lost is in the run's row. */
export class RunMemory {
  readonly planHash: string;
  readonly plan: Plan;
  /** Null if nobody has counted its bills. */
  readonly proposal: Proposal | null;
  /** Bills that were held later than this are no part of the run. */
  readonly asOf: string;
  readonly batches = new OpenBatches();
  readonly speed = new RunSpeed();
  /** Since when it is RUNNING without a break, as far as this keeper has seen. */
  runningSince: Date | undefined;
  lastResume: OpenRun['lastResume'] = null;
  /** The phase in which its bills were last compared with the approved ones. */
  judgedIn: RunPhase | undefined;
  savedBills = 0;
  releasedAtMs: number | undefined;
  /** When the slow questions may be asked again, by `performance.now()`. */
  nextLookMs = 0;
  nextSourceCheckMs = 0;
  nextDeadlineMs = 0;
  nextRestMs = 0;
  /** What was left of it at the last look. */
  rest: RunRest | undefined;
  /** Whether other runs may have some of its bills. */
  mayOverlap: boolean;
  /** How many bills of the canary have ended, and since when that number is the same. */
  ended = { bills: -1, sinceMs: 0 };
  /** The messages to the seed addresses. While `end` is undefined they are being sent. */
  seeds: { end: SeedsEnd | undefined } | undefined;
  /** How often in a row the deadline was in danger. */
  dangers = 0;

  constructor({ planHash, plan, proposal, asOf }: Approved) {
    this.planHash = planHash;
    this.plan = plan;
    this.proposal = proposal;
    this.asOf = asOf;
    this.mayOverlap = (proposal?.overlaps.length ?? 0) > 0;
  }

  /** @throws RangeError for a run that nobody has planned */
  get selection(): PlannedSelection {
    const { selection } = this.plan;
    if ('all' in selection) throw new RangeError('only what is published at once has no selection');
    return selection;
  }
}

interface Approved {
  readonly planHash: string;
  readonly plan: Plan;
  readonly proposal: Proposal | null;
  readonly asOf: string;
}

/** A run as it is now, with what is remembered of it. */
export interface KeptRun {
  readonly run: OpenRun;
  readonly memory: RunMemory;
}
