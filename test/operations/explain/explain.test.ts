import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendStatus } from '../../../src/bill.ts';
import type { Control } from '../../../src/db/control.ts';
import type { BillFacts } from '../../../src/db/reads/billHistory.ts';
import { headlineOf } from '../../../src/operations/explain/explain.ts';
import type { Explanation } from '../../../src/operations/explain/explanation.ts';
import { failureReasons } from '../../../src/operations/explain/reasons.ts';
import {
  alive,
  type Case,
  checkCase,
  explained,
  historyOf,
  inMs,
  poisonReasons,
  thrown,
} from './explained.ts';

const statuses: readonly SendStatus[] = [
  ...(['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const),
];
const reasons = [...failureReasons, ...poisonReasons, null, 'START_DEADLINE', 'HTTP_418'];
const controls: readonly Partial<Control>[] = [
  {},
  { paused: true, pause: thrown },
  { paused: true, pause: { ...thrown, reason: null } },
];
const holders: readonly BillFacts['batch'][] = [
  null,
  { claimedAt: inMs(-700), dispatcher: null },
  { claimedAt: inMs(-700), dispatcher: alive },
  { claimedAt: inMs(-700), dispatcher: { ...alive, heartbeatAt: inMs(-11_000) } },
];

/** Every legal-looking row there is to explain, whether the path writes it or somebody else. */
function* everything(): Generator<[string, Explanation]> {
  for (const sendStatus of statuses) {
    for (const reason of reasons) {
      for (const channel of ['EMAIL', 'SMS'] as const) {
        for (const publishStatus of ['HELD', 'PENDING', 'PUBLISHED'] as const) {
          for (const control of controls) {
            for (const batch of holders) {
              for (const later of [null, inMs(-1), inMs(300_000)]) {
                const facts = { sendStatus, reason, channel, publishStatus, batch, cycle: later ? 2 : 1 };
                const times = { notBefore: later, retransmitAt: later, handedOffAt: later, inDoubtAt: later };
                const claimed = batch !== null;
                const what = [sendStatus, reason, channel, publishStatus, later?.toISOString()].join(' ');
                yield [what, explained({ ...facts, ...times, claimed }, { control })];
              }
            }
          }
        }
      }
    }
  }
}

describe('explain', () => {
  it('says something whole for every state, reason, channel, debt, switch and holder', () => {
    for (const [what, explanation] of everything()) {
      assert.ok(explanation.standing.length > 0, what);
      for (const sentence of [...explanation.standing, explanation.next.text]) {
        assert.match(sentence, /^[A-Zb].*[^.]\.$/s, `${what}: ${sentence}`);
        assert.doesNotMatch(sentence, /undefined|null|NaN|Invalid|\[object|\{/, `${what}: ${sentence}`);
      }
    }
  });
});

const cases: readonly Case[] = [
  {
    it: 'pending while no dispatcher runs',
    facts: { publishStatus: 'PENDING' },
    rest: { lastHeartbeatAt: inMs(-3_600_000) },
    next: ['START_DISPATCHER', 'person'],
    says: /No dispatcher runs, the last heartbeat was at 2026-11-25 08:00:00.*Then: The relay publishes/s,
  },
  {
    it: 'unknown',
    facts: null,
    next: ['NOTHING', 'nobody'],
    says: /billcast does not know bill 42.*No record for it came either/s,
  },
];

describe('a bill that is', () => {
  for (const one of cases) it(one.it, () => checkCase(one));
});

describe('the headline', () => {
  it('of a held and of an unknown bill is headed so', () => {
    assert.match(headlineOf(historyOf({ publishStatus: 'HELD', month: null })), /^bill 42: HELD/);
    assert.equal(headlineOf(historyOf(null)), 'bill 42: unknown');
  });
});
