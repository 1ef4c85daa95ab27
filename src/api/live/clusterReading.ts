import type { ClusterReading } from '../../metrics/clusterMetrics.ts';
import type { RunReading } from '../../metrics/runMetrics.ts';
import { isDayUsedUp } from '../../operations/warmupToday.ts';
import type { Live } from '../contract/streamContract.ts';
import type { LagState } from './lagReader.ts';

/** The live numbers in the form for metrics; undefined if they are old: a metric must be current. */
export function clusterReadingOf(
  live: Live,
  lag: LagState,
  runs: readonly RunReading[],
): ClusterReading | undefined {
  if (live.problem !== null) return undefined;
  const { status, rates } = live;
  const { pending, held, waiting, sending, sent, inDoubt, delivered, failed, cancelled } = status;
  const secondsLeft = rates?.secondsLeft ?? undefined;
  return {
    bills: {
      pending: pending - held - waiting,
      held,
      waiting,
      sending,
      sent,
      in_doubt: inDoubt,
      delivered,
      failed,
      cancelled,
    },
    countedAt: Date.parse(status.asOf) / 1_000,
    deadLetters: status.deadLetters,
    owed: status.owed,
    earlyEvents: status.earlyEvents,
    oldestDoubt: (status.oldestDoubtMs ?? 0) / 1_000,
    dispatchers: status.dispatchers,
    isRehearsal: status.rehearsal !== null,
    switches: [
      { switch: 'paused', by: 'person', isThrown: status.pause.paused },
      ...Object.keys(status.brakes).map((channel) => ({
        switch: channel,
        by: 'guard' as const,
        isThrown: stops(status.brakes[channel]),
      })),
      ...(status.warmup === null
        ? []
        : [{ switch: 'warm_up', by: 'plan' as const, isThrown: isDayUsedUp(status.warmup) }]),
    ],
    lag: lag.problem === null ? lag.partitions : [],
    expectedEnd: secondsLeft === undefined ? undefined : Date.parse(status.asOf) / 1_000 + secondsLeft,
    runs,
  };
}

/** Whether a brake stops sending. One that only sets a pace does not. */
function stops(brake: Live['status']['brakes'][string] | undefined): boolean {
  return brake?.on === true && brake.kind !== 'pace';
}
