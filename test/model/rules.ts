import { relaySteps, sweeperSteps } from './caretakers.ts';
import type { Protocol } from './protocol.ts';
import type { Rules } from './search.ts';
import { type BrokenStep, initialState, type Sizes, type State } from './state.ts';
import { faultSteps, personSteps, providerSteps, timeSteps } from './surroundings.ts';
import { taskSteps } from './task.ts';

const actors = [taskSteps, providerSteps, relaySteps, sweeperSteps, timeSteps, personSteps, faultSteps];

/** What ARCHITECTURE.md calls invariants, for one bill. */
export type Rule = keyof typeof invariants | BrokenStep;

/**
 * The rules over a protocol.
 * @param only looks for a breach of this one, and goes on past those of others: what a removed fence is for may
 *   lie farther than what else breaks without it
 */
export const rulesOf = (protocol: Protocol, sizes: Sizes, only?: Rule): Rules => ({
  initial: initialState(sizes),
  stepsFrom: (state) => actors.flatMap((steps) => steps(state, protocol)),
  brokenRule: (state) => brokenRules(state).find((rule) => only === undefined || rule === only),
  isGoodEnd: (state) => isGoodEnd(state, protocol),
  mostStates: 500_000,
});

const brokenRules = (state: State): Rule[] => {
  const rules: Rule[] = names.filter((name) => !invariants[name](state));
  return state.world.broken === '' ? rules : [...rules, state.world.broken];
};

const acceptedIn = ({ accepted }: State['world'], cycle: number): number =>
  (accepted[2 * cycle - 2] ?? 0) + (accepted[2 * cycle - 1] ?? 0);

/** A state is about whether the bill was accepted in its cycle, unless a person has said so. */
const meansAccepted = ({ row, world }: State, expected: boolean): boolean =>
  world.said || acceptedIn(world, row.cycle) > 0 === expected;

const invariants = {
  'at most one acceptance a cycle': ({ world }: State) =>
    acceptedIn(world, 1) <= 1 && acceptedIn(world, 2) <= 1,
  'DELIVERED means accepted': (state: State) =>
    state.row.status !== 'DELIVERED' || meansAccepted(state, true),
  'FAILED means refused or never sent': (state: State) =>
    state.row.status !== 'FAILED' || meansAccepted(state, false),
  'CANCELLED means never sent in this cycle': (state: State) =>
    state.row.status !== 'CANCELLED' || meansAccepted(state, false),
  'the turn is SMS only when the e-mail has failed': ({ row, world }: State) =>
    row.channel === 'EMAIL' || world.mailFailed,
  'a dead letter that is marked is out': ({ row, world }: State) =>
    row.status !== 'FAILED' || row.publish !== 'PUBLISHED' || world.letter,
  'a claim has a token, and what is free has none': ({ row }: State) =>
    row.status === 'DELIVERED' || ['SENDING', 'SENT', 'IN_DOUBT'].includes(row.status) === row.token > 0,
} as const satisfies Record<string, (state: State) => boolean>;

const names = Object.keys(invariants) as (keyof typeof invariants)[];

/** Terminal, reported, or waiting for a person's word: nothing is forgotten. */
const isGoodEnd = ({ row }: State, { lookup }: Protocol): boolean => {
  switch (row.status) {
    case 'DELIVERED':
    case 'CANCELLED':
      return true;
    case 'FAILED':
      return row.publish === 'PUBLISHED';
    case 'IN_DOUBT':
      return lookup !== 'authoritative';
    case 'PENDING':
      return row.publish === 'HELD';
    case 'SENDING':
    case 'SENT':
      return false;
    default:
      return row.status satisfies never;
  }
};
