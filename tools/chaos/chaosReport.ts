import type { RunResult } from './runChaos.ts';
import { faultKinds, type InjectionKind } from './schedule.ts';

/** One kind of fault over the whole run. */
export interface KindFacts {
  readonly count: number;
  /** Null if no fault of this kind recovered during the run. */
  readonly slowestRecoveryMs: number | null;
}

/** Pure: for each kind, how often it was injected and how long the slowest recovery took. */
export function factsByKind(
  injections: readonly { kind: InjectionKind; recoveredAfterMs: number | undefined }[],
): Partial<Record<InjectionKind, KindFacts>> {
  return Object.fromEntries(
    faultKinds.flatMap((kind) => {
      const own = injections.filter((injection) => injection.kind === kind);
      const recoveries = own.flatMap(({ recoveredAfterMs }) => recoveredAfterMs ?? []);
      const slowestRecoveryMs = recoveries.length === 0 ? null : Math.max(...recoveries);
      return own.length === 0 ? [] : [[kind, { count: own.length, slowestRecoveryMs }]];
    }),
  );
}

/** Pure: whether the run broke a promise. */
export function isViolated(result: Omit<RunResult, 'injections'>): boolean {
  const { lost, duplicated, untrue, poisonLost, lettersLost, recordsLost, unexplained, quiet } = result;
  return lost + duplicated + untrue + poisonLost + lettersLost + recordsLost + unexplained > 0 || !quiet;
}

/** Pure: the report for people. */
export function reportOf(result: RunResult): string {
  const { lost, duplicated, inDoubt, delivered, failed, untrue, violations } = result;
  const { poisonLost, lettersLost, recordsLost, unexplained } = result;
  const rows = Object.entries(factsByKind(result.injections)).map(
    ([kind, { count, slowestRecoveryMs }]) =>
      `  ${kind.padEnd(12)}${String(count).padStart(8)}${seconds(slowestRecoveryMs).padStart(18)}`,
  );
  return [
    '',
    `  ${'fault'.padEnd(12)}${'count'.padStart(8)}${'slowest recovery'.padStart(18)}`,
    ...rows,
    '',
    ...violations.map((violation) => `  ${violation}`),
    ...(untrue > 0 ? [`  ${untrue} FAILED or CANCELLED although accepted`] : []),
    ...(lettersLost > 0 ? [`  ${lettersLost} FAILED without their dead letter in the topic`] : []),
    ...(recordsLost > 0 ? [`  ${recordsLost} bills with acknowledged records that are in no topic`] : []),
    ...(unexplained > 0 ? [`  ${unexplained} records without an explanation`] : []),
    ...(poisonLost > 0 ? [`  ${poisonLost} poison records without their dead letter`] : []),
    ...(result.quiet ? [] : ['  the run did not come to rest in time']),
    ...(result.crashes > 0 ? [`  ${result.crashes} dispatchers crashed and were restarted`] : []),
    `lost=${lost} duplicated=${duplicated} in doubt=${inDoubt} delivered=${delivered} failed=${failed}`,
    '',
  ].join('\n');
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}
