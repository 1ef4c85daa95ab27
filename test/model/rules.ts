import { relaySteps, sweeperSteps } from './caretakers.ts';
import type { Protocol } from './protocol.ts';
import type { Rules } from './search.ts';
import { initialState, type Row, type State } from './state.ts';
import { faultSteps, personSteps, providerSteps, timeSteps } from './surroundings.ts';
import { taskSteps } from './task.ts';

export interface Sizes {
  readonly tasks: number;
  readonly underWay: number;
  readonly publish: Row['publish'];
}

const actors = [taskSteps, providerSteps, relaySteps, sweeperSteps, timeSteps, personSteps, faultSteps];

/** The invariants of ARCHITECTURE.md over a protocol. */
export const rulesOf = (protocol: Protocol, sizes: Sizes): Rules => ({
  initial: initialState(sizes),
  stepsFrom: (state) => actors.flatMap((steps) => steps(state, protocol)),
  brokenRule,
  isGoodEnd: (state) => isGoodEnd(state, protocol),
  mostStates: 500_000,
});

const brokenRule = ({ row, world }: State): string | undefined => {
  if (world.broken !== '') return world.broken;
  const acceptedIn = (cycle: number): number =>
    (world.accepted[2 * cycle - 2] ?? 0) + (world.accepted[2 * cycle - 1] ?? 0);
  if (acceptedIn(1) > 1 || acceptedIn(2) > 1) return 'two acceptances in one cycle';
  if ((row.channel === 'SMS') !== world.turned) return 'a refused e-mail and its SMS turn came apart';
  if (['SENDING', 'SENT', 'IN_DOUBT'].includes(row.status) === (row.token === 0) && row.status !== 'DELIVERED')
    return 'a token and its claim came apart';
  if (row.status === 'FAILED' && row.publish === 'PUBLISHED' && !world.letter)
    return 'FAILED without its dead letter';
  if (world.said) return undefined;
  const accepted = acceptedIn(row.cycle) > 0;
  if (row.status === 'DELIVERED' && !accepted) return 'DELIVERED without an acceptance';
  if (row.status === 'FAILED' && accepted) return 'FAILED although accepted';
  if (row.status === 'CANCELLED' && accepted) return 'CANCELLED although accepted';
  return undefined;
};

/** Terminal, reported, or waiting for a person's word. */
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
