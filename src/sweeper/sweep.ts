import type { Channel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import type { ChannelsToAsk } from '../db/reads/channelsToAsk.ts';
import {
  type AbandonedLimits,
  doubtAbandoned,
  forgetAbandonedBatches,
  forgetDeadDispatchers,
  takeBackAbandoned,
} from '../db/transitions/claimBatches.ts';
import { retransmitDue } from '../db/transitions/retransmit.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { Provider } from '../providers/provider.ts';
import { findStragglers } from './findStragglers.ts';
import { purgeRows } from './purgeRows.ts';
import { sweepEarlyEvents } from './sweepEarlyEvents.ts';

/** What one sweep changed, in bills unless said otherwise. */
export interface SweepReport {
  /** SENDING of a dead dispatcher, on its way again. */
  readonly takenBack: number;
  /** SENT of a dead dispatcher, or for too long: IN_DOUBT now. */
  readonly doubted: number;
  /** PENDING whose event had gone, published again. */
  readonly orphans: number;
  /** FAILED whose next cycle began. */
  readonly retransmitted: number;
  /** Rows of closed months, and of records that could not be used, whose time was over. */
  readonly purged: number;
  /** Bills whose row came after their event: let go. */
  readonly earlyReleased: number;
  /** Events whose row has not come so far: they have dead letters now. */
  readonly earlyLettered: number;
}

export interface SweepDeps {
  readonly database: Database;
  readonly providers: Readonly<Record<Channel, Provider>>;
  /** Whether everything published on the channel's topic more than `ageMs` ago has been consumed. */
  readonly hasConsumed: (channel: Channel, ageMs: number) => Promise<boolean>;
  readonly log: Logger;
  /** For what may happen to many bills at once. */
  readonly throttledLog: ThrottledLog;
  /** For the journal. */
  readonly actor: string;
  readonly claimTtlMs: number;
  /** Whether silence means death: not while the database has only just come back. */
  readonly mayJudge: () => boolean;
  readonly batchMaxAgeMs: number;
  readonly orphanAfterMs: number;
  readonly lookupHorizonMs: number;
  readonly channelsToAsk: () => Promise<ChannelsToAsk>;
  readonly retransmitMaxCycles: number;
  readonly retention: Config['retention'];
  /** How long an event waits for the row of its bill before a dead letter says so. */
  readonly earlyEventLetterMs: number;
  /** How long it waits at all. */
  readonly earlyEventMaxMs: number;
}

/**
 * One sweep: finds what nobody is moving any more and changes rows, nothing else; what it frees goes out by
 * the relay like any other bill. It asks no provider: a gateway that hangs must not delay it. Safe beside another sweep and beside the owners of what it takes back,
 * because every change is fenced by the row itself.
 */
export async function sweep(deps: SweepDeps): Promise<SweepReport> {
  const abandoned = await sweepAbandoned(deps);
  const retransmitted = await retransmitAll(deps);
  const early = await sweepEarlyEvents(deps);
  const purged = await purgeRows(deps, { forMs: purgeMs });
  // Last, because it asks Kafka: the rest goes on while that is away.
  const stragglers = await findStragglers(deps);
  const report = {
    ...early,
    takenBack: abandoned.takenBack + stragglers.takenBack,
    doubted: abandoned.doubted + stragglers.doubted,
    orphans: stragglers.orphans,
    retransmitted,
    purged: purged.bills + purged.poison,
  };
  if (Object.values(report).some((count) => count > 0)) deps.log.info(report, 'sweep changed bills');
  return report;
}

/** What one sweep may spend on deleting: a month of ten million bills is gone in some hours. */
const purgeMs = 60;
const batchesACall = 50;
const billsACall = 5_000;

/** What dead dispatchers held: SENDING goes back, SENT is in doubt. */
async function sweepAbandoned(deps: SweepDeps): Promise<{ takenBack: number; doubted: number }> {
  if (!deps.mayJudge()) return { takenBack: 0, doubted: 0 };
  const limits: AbandonedLimits = {
    claimTtlMs: deps.claimTtlMs,
    batchMaxAgeMs: deps.batchMaxAgeMs,
    batches: batchesACall,
  };
  const total = { takenBack: 0, doubted: 0 };
  for (let forgotten = batchesACall; forgotten === batchesACall; ) {
    total.takenBack += await takeBackAbandoned(deps.database, limits);
    total.doubted += await doubtAbandoned(deps.database, limits, deps.actor);
    forgotten = await forgetAbandonedBatches(deps.database, limits);
  }
  for (const dispatcher of await forgetDeadDispatchers(deps.database, deps.claimTtlMs)) {
    deps.log.warn({ dispatcher }, 'dispatcher is dead, what it held was taken back');
  }
  return total;
}

async function retransmitAll({ database, retransmitMaxCycles, actor }: SweepDeps): Promise<number> {
  let total = 0;
  for (let count = billsACall; count === billsACall; total += count) {
    count = await retransmitDue(database, { maxCycles: retransmitMaxCycles, limit: billsACall, actor });
  }
  return total;
}
