import {
  type AbandonedLimits,
  doubtAbandoned,
  forgetAbandonedBatches,
  forgetDeadDispatchers,
  takeBackAbandoned,
} from '../db/transitions/claimBatches.ts';
import { retransmitDue } from '../db/transitions/retransmit.ts';
import { firstChannel } from '../ladder.ts';
import { findStragglers } from './findStragglers.ts';
import { purgeRows } from './purgeRows.ts';
import type { SweepDeps } from './sweepDeps.ts';
import { sweepEarlyEvents } from './sweepEarlyEvents.ts';

/** The changes of one sweep, in bills unless stated otherwise. */
export interface SweepReport {
  /** SENDING of a dead dispatcher: PENDING again. */
  readonly takenBack: number;
  /** SENT of a dead dispatcher, or SENT for too long: IN_DOUBT now. */
  readonly doubted: number;
  /** PENDING without an event: published again. */
  readonly orphans: number;
  /** FAILED: the next cycle has begun. */
  readonly retransmitted: number;
  /** Rows deleted because their retention time is over. */
  readonly purged: number;
  /** Bills whose row came after their event: released. */
  readonly earlyReleased: number;
  /** Events whose row has not come: their dead letters are owed now. */
  readonly earlyLettered: number;
  /** Dispatchers that were not heard of and hold nothing any more: forgotten. */
  readonly deadDispatchers: number;
}

/**
 * One sweep: finds bills that nobody is moving, and only changes rows. The relay then publishes these bills
 * like any other. It asks no provider: a gateway that hangs must not delay it. Safe beside another sweep and
 * beside the owners of the bills, because every change is fenced by the row itself.
 */
export async function sweep(deps: SweepDeps): Promise<SweepReport> {
  const abandoned = await sweepAbandoned(deps);
  const retransmitted = await retransmitAll(deps);
  const early = await sweepEarlyEvents(deps);
  const purged = await purgeRows(deps, { forMs: purgeMs });
  // Last, because it asks Kafka: the rest works without it.
  const stragglers = await findStragglers(deps);
  const report = {
    ...early,
    takenBack: abandoned.takenBack + stragglers.takenBack,
    doubted: abandoned.doubted + stragglers.doubted,
    orphans: stragglers.orphans,
    deadDispatchers: abandoned.deadDispatchers,
    retransmitted,
    purged: Object.values(purged).reduce((all, rows) => all + rows, 0),
  };
  if (Object.values(report).some((count) => count > 0)) deps.log.info(report, 'sweep changed bills');
  return report;
}

/** The time for deletes per sweep: a month of ten million bills takes some hours. */
const purgeMs = 60;
const batchesPerCall = 50;
const billsPerCall = 5_000;

/** The claims of dead dispatchers: SENDING goes back, SENT becomes in doubt. */
async function sweepAbandoned(
  deps: SweepDeps,
): Promise<Pick<SweepReport, 'takenBack' | 'doubted' | 'deadDispatchers'>> {
  if (!deps.mayJudge()) return { takenBack: 0, doubted: 0, deadDispatchers: 0 };
  const limits: AbandonedLimits = {
    claimTtlMs: deps.claimTtlMs,
    batchMaxAgeMs: deps.batchMaxAgeMs,
    batches: batchesPerCall,
  };
  const total = { takenBack: 0, doubted: 0 };
  for (let forgotten = batchesPerCall; forgotten === batchesPerCall; ) {
    total.takenBack += await takeBackAbandoned(deps.database, limits);
    total.doubted += await doubtAbandoned(deps.database, limits, deps.actor);
    forgotten = await forgetAbandonedBatches(deps.database, limits);
  }
  const dead = await forgetDeadDispatchers(deps.database, deps.claimTtlMs);
  for (const dispatcher of dead) {
    deps.log.warn({ dispatcher }, 'dispatcher is dead, its claims were taken back');
  }
  return { ...total, deadDispatchers: dead.length };
}

async function retransmitAll(deps: SweepDeps): Promise<number> {
  const { database, actor } = deps;
  const { maxCycles } = deps.retransmit;
  const first = firstChannel(deps.ladder);
  let total = 0;
  for (let count = billsPerCall; count === billsPerCall; total += count) {
    count = await retransmitDue(database, { maxCycles, limit: billsPerCall, actor, first });
  }
  return total;
}
