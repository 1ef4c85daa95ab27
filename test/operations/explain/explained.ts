import assert from 'node:assert/strict';
import type { PoisonReason } from '../../../src/bill.ts';
import { perChannel } from '../../../src/channels.ts';
import type { Control } from '../../../src/db/control.ts';
import type { BillFacts, BillHistory, JournalledAttempt } from '../../../src/db/reads/billHistory.ts';
import { type BrakeState, type BrakeStates, off } from '../../../src/db/reads/brakeStates.ts';
import { explain } from '../../../src/operations/explain/explain.ts';
import type { Explanation, Surroundings } from '../../../src/operations/explain/explanation.ts';
import { billIdOf } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';

export const now = new Date('2026-11-25T00:00:00Z');
export function inMs(ms: number) {
  return new Date(now.getTime() + ms);
}

export const alive = { name: 'host:1', heartbeatAt: inMs(-500) };
export const thrown = { since: inMs(-60_000), by: 'person alice', reason: 'maintenance' };
const running: Control = {
  paused: false,
  pause: null,
  resumed: null,
};
/** A brake that is on. */
export function braked(facts: Partial<BrakeState> = {}): BrakeState {
  return {
    on: true,
    since: inMs(-60_000),
    kind: 'unknown',
    cause: 'HTTP 500',
    by: 'dispatcher host:1',
    trials: 3,
    nextTrialAt: inMs(2_000),
    ...facts,
  };
}
export const surroundings: Surroundings = {
  control: running,
  ladder: standardLadder,
  brakes: perChannel(() => off),
  timeZone: 'Asia/Seoul',
  maxCycles: 3,
  claimTtlMs: 10_000,
  batchMaxAgeMs: 120_000,
  orphanAfterMs: 60_000,
  earlyEventMaxMs: 3_600_000,
};

function billOf(facts: Partial<BillFacts> = {}): BillFacts {
  return {
    channel: 'EMAIL',
    passed: facts.channel === 'SMS' ? ['EMAIL'] : null,
    sendStatus: 'PENDING',
    publishStatus: 'PUBLISHED',
    cycle: 1,
    attempts: 0,

    notBefore: null,
    changedAt: inMs(-1_000),
    publishedAt: inMs(-900),
    handedOffAt: null,
    inDoubtAt: null,
    retransmitAt: null,
    reason: null,
    claimed: false,
    month: '2026-11',
    batch: null,
    run: null,
    provider: null,
    ...facts,
  };
}

export function historyOf(facts: Partial<BillFacts> | null, rest: Partial<BillHistory> = {}): BillHistory {
  return {
    billId: billIdOf(42),
    now,
    lastHeartbeatAt: inMs(-500),
    journal: [],
    poison: [],
    early: [],
    receipts: [],
    bill: facts === null ? null : billOf(facts),
    ...rest,
  };
}

export function explained(
  facts: Partial<BillFacts> | null,
  {
    control,
    brakes,
    canBeAsked = true,
    runs = [],
    fourEyes = false,
    ...rest
  }: Partial<BillHistory> & Switched = {},
): Explanation {
  return explain(historyOf(facts, rest), {
    ...surroundings,
    control: { ...running, ...control },
    brakes: { ...perChannel(() => off), ...brakes },
    canBeAsked,
    runs,
    fourEyes,
  });
}

interface Switched {
  readonly control?: Partial<Control>;
  readonly brakes?: Partial<BrakeStates>;
  readonly canBeAsked?: boolean;
  readonly runs?: NonNullable<Surroundings['runs']>;
  readonly fourEyes?: boolean;
}

export function textOf({ standing, next, history }: Explanation): string {
  return [...standing, next.text, ...history.map(({ text }) => text)].join('\n');
}

export function attempt(facts: Partial<JournalledAttempt>): JournalledAttempt {
  return {
    outcome: 'ACCEPTED',
    cycle: 1,
    channel: 'EMAIL',
    applied: true,
    reason: null,
    provider: null,
    providerId: null,
    actor: 'dispatcher host:1',
    startedAt: inMs(-2_000),
    finishedAt: inMs(-1_000),
    ...facts,
  };
}

/** The reasons that single events may have. */
export const eventPoisonReasons: readonly PoisonReason[] = [
  ...(['EVENT_NOT_JSON', 'EVENT_EMPTY', 'EVENT_BAD_ID', 'EVENT_TOO_LARGE', 'EVENT_MEMBER_MISMATCH'] as const),
  'BILL_UNKNOWN',
];

export const poisonReasons: readonly PoisonReason[] = [
  ...eventPoisonReasons,
  'BATCH_TOO_LARGE',
  'BATCH_UNREADABLE',
];

/** One bill, and what is to be said of it. */
export interface Case {
  readonly it: string;
  readonly facts: Partial<BillFacts> | null;
  readonly rest?: Partial<BillHistory> & Switched;
  readonly next: readonly [Explanation['next']['step'], Explanation['next']['by']];
  readonly at?: Date | null;
  readonly says: RegExp;
}

export function checkCase({ facts, rest, next, at, says }: Case): void {
  const explanation = explained(facts, rest);
  assert.deepEqual([explanation.next.step, explanation.next.by], next);
  if (at !== undefined) assert.deepEqual(explanation.next.at, at);
  assert.match(textOf(explanation), says);
}
