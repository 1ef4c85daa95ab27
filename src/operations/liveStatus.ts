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
  /** The database's time before the count began. */
  readonly asOf: Date;
  readonly counts: StateCounts;
  /** How reliable kept counts are; missing if all bills were counted now. */
  readonly kept?: Pick<KeptCounts, 'oldestAt' | 'drift' | 'isSettled'>;
}

/** How reliable counts are. */
export interface CountAge {
  /** The database's time when the bills were counted. */
  readonly asOf: Date;
  /** Whether every bill was counted after the last known move. */
  readonly exact: boolean;
  /** When the oldest part was counted; null if all bills were counted now. */
  readonly countedSince: Date | null;
  /** By how many bills the kept counts were wrong before they were last corrected. */
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
 * Counts bills by state. If there are many, the kept counts are read, which takes some milliseconds.
 * Otherwise all bills are counted.
 * @param month its bills only: its first day as `YYYY-MM-DD`
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

/** Facts from a few rows, cheap enough to read every second. */
export interface ClusterState extends ClusterHealth {
  /** `CHANNELS`, in their order. */
  readonly channels: Ladder['order'];
  readonly control: Control;
  readonly brakes: Partial<BrakeStates>;
  readonly rehearsals: readonly OpenRehearsal[];
  /** Whether these settings allow only rehearsals to send. */
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
