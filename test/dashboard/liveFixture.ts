import type { BrakeState } from '../../src/api/contract/brakesContract.ts';
import type { Live } from '../../src/api/contract/streamContract.ts';

/** Numbers of a system that has nothing to do, with these changes. */
export function calmLive(change: Partial<Live['status']> = {}): Live {
  const counts = {
    pending: 0,
    waiting: 0,
    held: 0,
    owed: 0,
    sending: 0,
    sent: 0,
    delivered: 0,
    failed: 0,
    inDoubt: 0,
    cancelled: 0,
    total: 0,
    deadLetters: 0,
    retransmissions: 0,
    sms: 0,
    earlyEvents: 0,
  };
  return {
    status: {
      ...counts,
      exact: true,
      countedSince: null,
      drift: 0,
      asOf: '2026-11-28T00:00:00.000Z',
      lag: 0,
      lagProblem: null,
      lagAsOf: null,
      brakes: {},
      pause: { paused: false, pause: null, resumed: null },
      dispatchers: { alive: 1, silent: 0 },
      oldestDoubtMs: null,
      ...change,
    },
    rates: null,
    actions: [],
    problem: null,
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
    by: 'dispatcher a',
    trials: 0,
    nextTrialAt: null,
    needsPerson,
  };
}
