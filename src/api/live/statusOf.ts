import type { Config } from '../../config/loadConfig.ts';
import type { Control, Thrown } from '../../db/control.ts';
import { type BrakeState, off, type RouteBrake } from '../../db/reads/brakeStates.ts';
import { ageOf, type ClusterState, type CountAge, type CountFacts } from '../../operations/liveStatus.ts';
import { needsPerson } from '../../policy/brake/verdict.ts';
import type * as brakes from '../contract/brakesContract.ts';
import type * as control from '../contract/controlContract.ts';
import type { Status } from '../contract/statusContract.ts';
import { toldOf } from '../told/toldOf.ts';
import type { LagState } from './lagReader.ts';

/** The numbers in the form of the contract. */
export function statusOf(facts: {
  readonly counted: CountFacts;
  readonly cluster: ClusterState;
  readonly lag: LagState;
}): Status {
  const { counted, cluster, lag } = facts;
  return {
    ...counted.counts,
    ...ageTexts(ageOf(counted)),
    lag: lag.events,
    lagProblem: lag.problem,
    lagProblemTold: toldOf(lag.problem),
    lagAsOf: lag.asOf?.toISOString() ?? null,
    brakes: Object.fromEntries(
      cluster.channels.map((channel) => [channel, brakeOf(cluster.brakes[channel] ?? off)]),
    ),
    pause: pauseOf(cluster.control),
    rehearsal: rehearsalOf(cluster),
    warmup: cluster.warmup && { ...cluster.warmup, endsAt: cluster.warmup.endsAt.toISOString() },
    dispatchers: { alive: cluster.alive, silent: cluster.silent.length },
    oldestDoubtMs: cluster.inDoubt === 0 ? null : cluster.oldestDoubtMs,
  };
}

export function ageTexts({ asOf, countedSince, ...age }: CountAge) {
  return { ...age, asOf: asOf.toISOString(), countedSince: countedSince?.toISOString() ?? null };
}

function rehearsalOf({
  rehearsals,
  isSafeMode: safeMode,
}: Pick<ClusterState, 'rehearsals' | 'isSafeMode'>): Status['rehearsal'] {
  if (rehearsals.length === 0 && !safeMode) return null;
  return { safeMode, runs: rehearsals.map((run) => ({ ...run, since: run.since.toISOString() })) };
}

function brakeOf({ providers, ...state }: BrakeState): brakes.BrakeState {
  if (providers === undefined) return routeBrakeOf(state);
  const each = Object.entries(providers).map(([name, brake]) => [name, routeBrakeOf(brake)]);
  return { ...routeBrakeOf(state), providers: Object.fromEntries(each) };
}

function routeBrakeOf(state: RouteBrake): brakes.RouteBrake {
  const { on, since, kind, cause, by, trials, nextTrialAt } = state;
  return {
    on,
    since: since?.toISOString() ?? null,
    kind,
    cause,
    causeTold: toldOf(cause),
    by,
    trials,
    nextTrialAt: nextTrialAt?.toISOString() ?? null,
    needsPerson: kind !== null && kind !== 'pace' && needsPerson(kind),
  };
}

export function brakesOf(
  states: ClusterState['brakes'],
  { ladder, providers }: Pick<Config, 'ladder' | 'providers'>,
): brakes.BrakeOfChannel[] {
  return ladder.order.map((channel) => ({
    channel,
    provider: providers[channel].map(({ name }) => name).join(', '),
    keepsQuietHours: ladder.rules[channel].keepsQuietHours,
    ...brakeOf(states[channel] ?? off),
  }));
}

export function pauseOf({ paused, pause, resumed }: Control): control.PauseState {
  return { paused, pause: thrownOf(pause), resumed: thrownOf(resumed) };
}

function thrownOf(thrown: Thrown | null) {
  return thrown === null ? null : { ...thrown, since: thrown.since.toISOString() };
}
