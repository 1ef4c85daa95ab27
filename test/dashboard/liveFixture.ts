import type { BrakeState } from '../../src/api/contract/brakesContract.ts';
import type { Live } from '../../src/api/contract/streamContract.ts';
import { noBills } from '../support/noBills.ts';

/** The numbers of an idle system, with these changes. */
export function calmLive(change: Partial<Live['status']> = {}): Live {
  return {
    status: {
      ...noBills,
      exact: true,
      countedSince: null,
      drift: 0,
      asOf: '2026-11-28T00:00:00.000Z',
      lag: 0,
      lagProblem: null,
      lagProblemTold: [],
      lagAsOf: null,
      brakes: {},
      pause: { paused: false, pause: null, resumed: null },
      rehearsal: null,
      warmup: null,
      dispatchers: { alive: 1, silent: 0 },
      oldestDoubtMs: null,
      ...change,
    },
    rates: null,
    actions: [],
    problem: null,
    problemTold: [],
    readAt: '2026-11-28T00:00:00.000Z',
  };
}

export function trippedBrake(kind: NonNullable<BrakeState['kind']>, needsPerson: boolean): BrakeState {
  const since = '2026-11-28T00:00:00.000Z';
  return {
    on: true,
    since,
    kind,
    cause: 'why',
    causeTold: [{ code: 'WORDS', facts: { words: 'why' } }],
    by: 'dispatcher a',
    trials: 0,
    nextTrialAt: null,
    needsPerson,
  };
}
