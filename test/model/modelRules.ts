import { relaySteps, sweeperSteps } from './caretakers.ts';
import type { Protocol } from './protocol.ts';
import { receiptSteps, windowSteps } from './receiptSteps.ts';
import type { Rules } from './search.ts';
import {
  attemptOf,
  type BrokenStep,
  channels,
  cycles,
  initialState,
  type Sizes,
  type State,
} from './state.ts';
import { arrivalSteps, faultSteps, personSteps, providerSteps, timeSteps } from './surroundings.ts';
import { taskSteps } from './task.ts';

const actors = [
  taskSteps,
  providerSteps,
  relaySteps,
  sweeperSteps,
  timeSteps,
  personSteps,
  faultSteps,
  receiptSteps,
  windowSteps,
];
/** While there is no row, nobody's statement finds one. */
const actorsWithoutRow = [taskSteps, arrivalSteps, faultSteps];

/** What ARCHITECTURE.md calls invariants, for one bill. */
export type Rule = keyof typeof invariants | BrokenStep;

/**
 * The rules over a protocol.
 * @param only looks for a breach of this rule only, and passes over breaches of the others. The breach that
 *   shows what a removed fence is for may lie farther away than those
 */
export function rulesOf(protocol: Protocol, sizes: Sizes, only?: Rule): Rules {
  return {
    initial: initialState(sizes),
    stepsFrom: (state) =>
      (state.world.there ? actors : actorsWithoutRow).flatMap((steps) => steps(state, protocol)),
    brokenRule: (state) => brokenRules(state).find((rule) => only === undefined || rule === only),
    isGoodEnd: (state) => isGoodEnd(state, protocol),
    mostStates: 500_000,
  };
}

function brokenRules(state: State): Rule[] {
  const rules: Rule[] = names.filter((name) => !invariants[name](state));
  return state.world.broken === '' ? rules : [...rules, state.world.broken];
}

function acceptancesIn({ accepted, bounced }: State['world'], cycle: number) {
  const attempts = channels.map((channel) => attemptOf({ channel, cycle }));
  const all = attempts.map((attempt) => accepted[attempt] ?? 0);
  const sum = all.reduce((left, right) => left + right, 0);
  return { most: Math.max(...all), standing: sum - attempts.filter((attempt) => bounced[attempt]).length };
}

/** Invariant 1: once by each channel, and by a further one only after the bounce of the one before. */
function isSentOnce(world: State['world'], cycle: number): boolean {
  const { most, standing } = acceptancesIn(world, cycle);
  return most <= 1 && standing <= 1;
}

/** A state is about what of its cycle was accepted and has not bounced, unless a person has said so. */
function meansAccepted({ row, world }: State, expected: boolean): boolean {
  return world.said || acceptancesIn(world, row.cycle).standing > 0 === expected;
}

const invariants = {
  'one acceptance a step, and a further step only after a failure': ({ world }: State) =>
    cycles.every((cycle) => isSentOnce(world, cycle)),
  'DELIVERED means accepted': (state: State) =>
    state.row.status !== 'DELIVERED' || meansAccepted(state, true),
  'FAILED means refused or never sent': (state: State) =>
    state.row.status !== 'FAILED' || meansAccepted(state, false),
  'CANCELLED means never sent in this cycle': (state: State) =>
    state.row.status !== 'CANCELLED' || meansAccepted(state, false),
  'a bill leaves a channel only if it has failed there': ({ row, world }: State) =>
    row.passed.every((channel) => world.failed.includes(channel)),
  'the step counts the channels that were left': ({ row }: State) => row.step === row.passed.length,
  'a dead letter that is marked is out': ({ row, world }: State) =>
    row.status !== 'FAILED' || row.publish !== 'PUBLISHED' || world.letter,
  'a claim has a token, and what is free has none': ({ row }: State) =>
    row.status === 'DELIVERED' || ['SENDING', 'SENT', 'IN_DOUBT'].includes(row.status) === row.token > 0,
} as const satisfies Record<string, (state: State) => boolean>;

const names = Object.keys(invariants) as (keyof typeof invariants)[];

/** No bill is forgotten: it has ended, is reported, or waits for a person's word or for its row. */
function isGoodEnd({ row, world }: State, { lookup }: Protocol): boolean {
  if (!world.there) return !world.unheeded;
  switch (row.status) {
    case 'DELIVERED':
    case 'CANCELLED':
      return true;
    case 'FAILED':
      return row.publish === 'PUBLISHED';
    case 'IN_DOUBT':
      return lookup !== 'authoritative';
    case 'PENDING':
      return row.publish === 'HELD' && !world.unheeded;
    case 'SENDING':
    case 'SENT':
      return false;
    default:
      return row.status satisfies never;
  }
}
