import type { RunResult } from './runChaos.ts';
import { faultKinds, type InjectionKind } from './schedule.ts';

/** How a kind of fault went over the whole run. */
export interface KindFacts {
  readonly count: number;
  /** Of those that recovered while the run was watched; null where none did. */
  readonly slowestRecoveryMs: number | null;
}

/** Pure: how many of each kind struck, and how long the slowest recovery took. */
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
    `  ${'fault'.padEnd(12)}${'how many'.padStart(8)}${'slowest recovery'.padStart(18)}`,
    ...rows,
    '',
    ...violations.map((violation) => `  ${violation}`),
    ...(untrue > 0 ? [`  ${untrue} FAILED or CANCELLED, although accepted`] : []),
    ...(lettersLost > 0 ? [`  ${lettersLost} FAILED without their dead letter in the topic`] : []),
    ...(recordsLost > 0
      ? [`  ${recordsLost} bills with records that are in no topic, although acknowledged`]
      : []),
    ...(unexplained > 0 ? [`  ${unexplained} records that nothing explains`] : []),
    ...(poisonLost > 0 ? [`  ${poisonLost} records of poison without their dead letter`] : []),
    ...(result.quiet ? [] : ['  it never came to rest']),
    ...(result.crashes > 0
      ? [`  ${result.crashes} dispatchers ended by themselves and were started again`]
      : []),
    `lost=${lost} duplicated=${duplicated} in doubt=${inDoubt} delivered=${delivered} failed=${failed}`,
    '',
  ].join('\n');
}

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}
