import type { Control } from '../db/control.ts';
import { readControl } from '../db/control.ts';
import { type KeptCounts, readKeptCounts } from '../db/counts/keptCounts.ts';
import { readDatabaseTime } from '../db/databaseTime.ts';
import { type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import { type ClusterHealth, readClusterHealth } from '../db/reads/clusterHealth.ts';
import { countBillStates, type StateCounts } from '../db/reads/stateCounts.ts';
import { type OpenRehearsal, readOpenRehearsals } from '../db/runs/openRehearsals.ts';
import { firstChannel, type Ladder } from '../ladder.ts';
import { usedBrakes } from './brakeList.ts';
import type { LadderDeps, OperationDeps } from './operationDeps.ts';
import { readWarmup, type WarmupState } from './warmupToday.ts';

/** Bills by state, and when they were counted. */
export interface CountFacts {
  /** By the database, before the count began. */
  readonly asOf: Date;
  readonly counts: StateCounts;
  /** How sure kept counts are; missing if all bills were counted. */
  readonly kept?: Pick<KeptCounts, 'oldestAt' | 'drift' | 'isSettled'>;
}

/** How sure counts are. */
export interface CountAge {
  /** When the bills were counted, by the database. */
  readonly asOf: Date;
  /** Whether every bill was counted since the last move that is known. */
  readonly exact: boolean;
  /** The oldest count that is part of it; null if all bills were counted now. */
  readonly countedSince: Date | null;
  /** Bills by which the kept counts had drifted, and which the last counts put right. */
  readonly drift: number;
}

export function ageOf({ asOf, kept }: CountFacts): CountAge {
  return {
    asOf,
    exact: kept?.isSettled ?? true,
    countedSince: kept?.oldestAt ?? null,
    drift: kept?.drift ?? 0,
  };
}

/**
 * From the kept counts if there are many bills, which takes some milliseconds; otherwise by counting all of
 * them.
 * @param month only its bills: its first day as `YYYY-MM-DD`
 */
export async function countBills(
  { config, database }: LadderDeps,
  { month }: { readonly month?: string | undefined } = {},
): Promise<CountFacts> {
  const first = firstChannel(config.ladder);
  const known = await readKeptCounts(database, { first, month });
  if (known !== undefined) {
    const { counts, asOf, ...kept } = known;
    return { counts, asOf, kept };
  }
  const asOf = await readDatabaseTime(database);
  return { asOf, counts: await countBillStates(database, first, month) };
}

/** What a few rows say: cheap enough for every second. */
export interface ClusterState extends ClusterHealth {
  /** `CHANNELS`, in their order. */
  readonly channels: Ladder['order'];
  readonly control: Control;
  readonly brakes: Partial<BrakeStates>;
  readonly rehearsals: readonly OpenRehearsal[];
  /** Whether these settings let nothing but a rehearsal send. */
  readonly isSafeMode: boolean;
  /** Null without a warm-up plan. */
  readonly warmup: WarmupState | null;
}

export async function readClusterState({
  config,
  database,
}: Pick<OperationDeps, 'config' | 'database'>): Promise<ClusterState> {
  const [control, brakes, health, rehearsals, warmup] = await Promise.all([
    readControl(database),
    readBrakeStates(database, config),
    readClusterHealth(database, config.claimTtlMs),
    readOpenRehearsals(database),
    readWarmup({ config, database }),
  ]);
  return {
    ...health,
    channels: config.ladder.order,
    control,
    brakes: usedBrakes(config.ladder, brakes),
    rehearsals,
    isSafeMode: config.safeMode !== undefined,
    warmup,
  };
}
