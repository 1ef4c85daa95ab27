import { relaySteps, sweeperSteps } from './caretakers.ts';
import type { Protocol } from './protocol.ts';
import type { Rules } from './search.ts';
import { type BrokenStep, initialState, type Sizes, type State } from './state.ts';
import { arrivalSteps, faultSteps, personSteps, providerSteps, timeSteps } from './surroundings.ts';
import { taskSteps } from './task.ts';

const actors = [taskSteps, providerSteps, relaySteps, sweeperSteps, timeSteps, personSteps, faultSteps];
/** While there is no row, nobody's statement finds one. */
const actorsWithoutRow = [taskSteps, arrivalSteps, faultSteps];

/** What ARCHITECTURE.md calls invariants, for one bill. */
export type Rule = keyof typeof invariants | BrokenStep;

/**
 * The rules over a protocol.
 * @param only looks for a breach of this rule only, past those of others: it shows what a removed fence is
 * for may lie farther than what else breaks without it
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
  return {
    email: accepted[2 * cycle - 2] ?? 0,
    sms: accepted[2 * cycle - 1] ?? 0,
    bounced: bounced[cycle - 1] ?? false,
  };
}

/** Invariant 1: once by each channel, and by both only where the bounce of the e-mail is on record. */
function isSentOnce(world: State['world'], cycle: number): boolean {
  const { email, sms, bounced } = acceptancesIn(world, cycle);
  return email <= 1 && sms <= 1 && (email + sms <= 1 || bounced);
}

/** A state is about what of its cycle was accepted and has not bounced, unless a person has said so. */
function meansAccepted({ row, world }: State, expected: boolean): boolean {
  const { email, sms, bounced } = acceptancesIn(world, row.cycle);
  return world.said || (bounced ? 0 : email) + sms > 0 === expected;
}

const invariants = {
  'at most one acceptance a cycle': ({ world }: State) => isSentOnce(world, 1) && isSentOnce(world, 2),
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

/** Terminal, reported, or waiting for a person's word or for its row: nothing is forgotten. */
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
