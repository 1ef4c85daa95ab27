import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PoisonReason, SendStatus } from '../../src/bill.ts';
import {
  type Explanation,
  explain,
  failureReasons,
  headlineOf,
  type Surroundings,
} from '../../src/cli/explain.ts';
import { explanationText } from '../../src/cli/verbs/explain.ts';
import type { Control } from '../../src/db/control.ts';
import type { BillFacts, BillHistory, JournalledAttempt } from '../../src/db/history.ts';
import { billIdOf } from '../support/notifications.ts';

const now = new Date('2026-11-25T00:00:00Z');
const inMs = (ms: number) => new Date(now.getTime() + ms);

const alive = { name: 'host:1', heartbeatAt: inMs(-500) };
const thrown = { since: inMs(-60_000), by: 'person alice', reason: 'maintenance' };
const running: Control = {
  ...{ paused: false, pause: null, fallbackStopped: null, fallbackResumedAt: null, resumed: null },
  sendingStopped: { EMAIL: null, SMS: null },
};
const surroundings: Surroundings = {
  ...{ control: running, timeZone: 'Asia/Seoul', maxCycles: 3 },
  ...{ claimTtlMs: 10_000, batchMaxAgeMs: 120_000, orphanAfterMs: 60_000 },
};

const billOf = (facts: Partial<BillFacts> = {}): BillFacts => ({
  ...{ channel: 'EMAIL', sendStatus: 'PENDING', publishStatus: 'PUBLISHED', cycle: 1, attempts: 0 },
  ...{
    notBefore: null,
    changedAt: inMs(-1_000),
    publishedAt: inMs(-900),
    handedOffAt: null,
    inDoubtAt: null,
  },
  ...{ retransmitAt: null, reason: null, claimed: false, month: '2026-11', batch: null },
  ...facts,
});

const historyOf = (facts: Partial<BillFacts> | null, rest: Partial<BillHistory> = {}): BillHistory => ({
  ...{ billId: billIdOf(42), now, lastHeartbeatAt: inMs(-500), journal: [], poison: [] },
  bill: facts === null ? null : billOf(facts),
  ...rest,
});

const explained = (
  facts: Partial<BillFacts> | null,
  { control, ...rest }: Partial<BillHistory> & { control?: Partial<Control> } = {},
): Explanation => explain(historyOf(facts, rest), { ...surroundings, control: { ...running, ...control } });

const textOf = ({ standing, next, history }: Explanation): string =>
  [...standing, next.text, ...history.map(({ text }) => text)].join('\n');

const attempt = (facts: Partial<JournalledAttempt>): JournalledAttempt => ({
  ...{ outcome: 'ACCEPTED', cycle: 1, channel: 'EMAIL', applied: true, reason: null, providerId: null },
  ...{ actor: 'dispatcher host:1', startedAt: inMs(-2_000), finishedAt: inMs(-1_000) },
  ...facts,
});

const statuses: readonly SendStatus[] = [
  ...(['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const),
];
const poisonReasons: readonly PoisonReason[] = [
  ...(['EVENT_NOT_JSON', 'EVENT_EMPTY', 'EVENT_BAD_ID', 'EVENT_TOO_LARGE', 'EVENT_MEMBER_MISMATCH'] as const),
  'BILL_UNKNOWN',
];
const reasons = [...failureReasons, ...poisonReasons, null, 'START_DEADLINE', 'HTTP_418'];
const controls: readonly Partial<Control>[] = [
  {},
  { paused: true, pause: thrown },
  { fallbackStopped: thrown, sendingStopped: { EMAIL: thrown, SMS: { ...thrown, reason: null } } },
];
const holders: readonly BillFacts['batch'][] = [
  null,
  { claimedAt: inMs(-700), dispatcher: null },
  { claimedAt: inMs(-700), dispatcher: alive },
  { claimedAt: inMs(-700), dispatcher: { ...alive, heartbeatAt: inMs(-11_000) } },
];

/** Every legal-looking row there is to explain, whether the path writes it or somebody else. */
function* everything(): Generator<[string, Explanation]> {
  for (const sendStatus of statuses)
    for (const reason of reasons)
      for (const channel of ['EMAIL', 'SMS'] as const)
        for (const publishStatus of ['HELD', 'PENDING', 'PUBLISHED'] as const)
          for (const control of controls)
            for (const batch of holders)
              for (const later of [null, inMs(-1), inMs(300_000)]) {
                const facts = { sendStatus, reason, channel, publishStatus, batch, cycle: later ? 2 : 1 };
                const times = { notBefore: later, retransmitAt: later, handedOffAt: later, inDoubtAt: later };
                const claimed = batch !== null;
                const what = [sendStatus, reason, channel, publishStatus, later?.toISOString()].join(' ');
                yield [what, explained({ ...facts, ...times, claimed }, { control })];
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

  it('speaks of every reason of a failure in words of its own, and of what to mend', () => {
    const said = new Set<string>();
    for (const reason of failureReasons) {
      const { standing, next } = explained({ sendStatus: 'FAILED', reason });
      assert.doesNotMatch(standing[0] ?? '', new RegExp(`${reason}|the reason was`));
      assert.match(next.text, /A person: .+, then `billcast retry --bill 42`/);
      said.add(standing[0] ?? '');
    }
    assert.equal(said.size, failureReasons.length);
    assert.equal(failureReasons.length, 8);
  });

  it('speaks of every record that could not be used', () => {
    const said = new Set<string>();
    for (const reason of poisonReasons) {
      const record = { topic: 'bill.email', partition: 1, offset: '5', reason };
      const poison = [{ ...record, receivedAt: inMs(-5_000), publishedAt: null }];
      const { history } = explained({}, { poison });
      assert.match(
        history[0]?.text ?? '',
        /^a record for it on bill.email, partition 1, offset 5, was set aside: .+ \(its dead letter is owed\)$/,
      );
      said.add(history[0]?.text ?? '');
    }
    assert.equal(said.size, poisonReasons.length);
  });

  it('gives an unknown reason as it is', () => {
    const explanation = explained({ reason: 'HTTP_418', attempts: 1 });
    assert.match(textOf(explanation), /the last time the reason was HTTP_418\./);
  });
});

const cases: readonly {
  readonly it: string;
  readonly facts: Partial<BillFacts> | null;
  readonly rest?: Partial<BillHistory> & { control?: Partial<Control> };
  readonly next: readonly [Explanation['next']['step'], Explanation['next']['by']];
  readonly at?: Date | null;
  readonly says: RegExp;
}[] = [
  {
    it: 'held',
    facts: { publishStatus: 'HELD' },
    next: ['LET_GO', 'person'],
    says: /held.*lets it go with `billcast publish --month 2026-11`/s,
  },
  {
    it: 'pending with its event owed',
    facts: { publishStatus: 'PENDING' },
    next: ['PUBLISH', 'relay'],
    at: now,
    says: /to go by e-mail\.\nIts event is owed/,
  },
  {
    it: 'pending with its event published, and when it would be published again',
    facts: {},
    next: ['CLAIM', 'dispatcher'],
    says: /published at 2026-11-25 08:59:59 and waits.*At 2026-11-25 09:00:59 \(in 60 s\) at the earliest/s,
  },
  {
    it: 'waiting for a time',
    facts: { publishStatus: 'PENDING', notBefore: inMs(240_000), reason: 'START_DEADLINE', attempts: 1 },
    next: ['WAIT', 'relay'],
    at: inMs(240_000),
    says: /the last time its send had not begun in time.*waits until 2026-11-25 09:04:00.*\(in 4 min\)/s,
  },
  {
    it: 'turned to SMS by a refusal',
    facts: { channel: 'SMS', reason: 'EMAIL_REFUSED', publishStatus: 'PENDING' },
    next: ['PUBLISH', 'relay'],
    says: /goes by SMS, because the provider refused the e-mail/,
  },
  {
    it: 'turned to SMS for want of an e-mail address',
    facts: { channel: 'SMS', reason: 'NO_CONTACT' },
    next: ['CLAIM', 'dispatcher'],
    says: /no e-mail address, so it goes by SMS/,
  },
  {
    it: 'in its next cycle',
    facts: { cycle: 2, reason: 'SMS_REFUSED' },
    next: ['CLAIM', 'dispatcher'],
    says: /Cycle 2 has begun with the e-mail; before that the provider refused the SMS/,
  },
  {
    it: 'pending while the cluster is paused',
    facts: { publishStatus: 'PENDING' },
    rest: { control: { paused: true, pause: thrown } },
    next: ['RESUME', 'person'],
    says: /billcast is paused since 2026-11-25 08:59:00, by person alice: maintenance\..*`billcast resume`/s,
  },
  {
    it: 'an SMS while the fallback is stopped',
    facts: { channel: 'SMS' },
    rest: { control: { fallbackStopped: thrown } },
    next: ['RESUME', 'person'],
    says: /`billcast resume --fallback`/,
  },
  {
    it: 'an e-mail while the fallback is stopped, which does not concern it',
    facts: {},
    rest: { control: { fallbackStopped: thrown } },
    next: ['CLAIM', 'dispatcher'],
    says: /The SMS fallback is stopped since/,
  },
  {
    it: 'an e-mail while e-mail is stopped',
    facts: {},
    rest: { control: { sendingStopped: { EMAIL: thrown, SMS: null } } },
    next: ['RESUME', 'person'],
    says: /`billcast resume --channel EMAIL`/,
  },
  {
    it: 'pending while no dispatcher runs',
    facts: { publishStatus: 'PENDING' },
    rest: { lastHeartbeatAt: inMs(-3_600_000) },
    next: ['START_DISPATCHER', 'person'],
    says: /No dispatcher runs, the last one was heard of at 2026-11-25 08:00:00.*Then: The relay publishes/s,
  },
  {
    it: 'in preparation',
    facts: { sendStatus: 'SENDING', claimed: true, batch: { claimedAt: inMs(-700), dispatcher: alive } },
    next: ['HAND_OFF', 'dispatcher'],
    says: /nothing has left yet.*Dispatcher host:1 holds it since/s,
  },
  {
    it: 'in preparation by a dispatcher that has gone',
    facts: { sendStatus: 'SENDING', claimed: true, batch: { claimedAt: inMs(-700), dispatcher: null } },
    next: ['TAKE_BACK', 'sweeper'],
    at: now,
    says: /has gone.*Now the sweeper takes it back/s,
  },
  {
    it: 'in preparation by a claim without a batch',
    facts: { sendStatus: 'SENDING', claimed: true },
    next: ['TAKE_BACK', 'sweeper'],
    at: inMs(119_000),
    says: /No batch of a dispatcher knows/,
  },
  {
    it: 'handed off, the answer under way',
    facts: {
      ...{ sendStatus: 'SENT', claimed: true, handedOffAt: inMs(-600) },
      batch: { claimedAt: inMs(-700), dispatcher: alive },
    },
    next: ['ANSWER', 'provider'],
    says: /handed to the provider by e-mail at 2026-11-25 08:59:59.*Nobody sends it again/s,
  },
  {
    it: 'handed off by a dispatcher that is silent',
    facts: {
      ...{ sendStatus: 'SENT', claimed: true, handedOffAt: inMs(-600) },
      batch: { claimedAt: inMs(-700), dispatcher: { ...alive, heartbeatAt: inMs(-20_000) } },
    },
    next: ['DOUBT', 'sweeper'],
    says: /puts it in doubt/,
  },
  {
    it: 'in doubt, with its next lookup',
    facts: {
      ...{ sendStatus: 'IN_DOUBT', claimed: true, reason: 'OWNER_GONE', notBefore: inMs(30_000) },
      ...{ handedOffAt: inMs(-600), inDoubtAt: inMs(-300) },
    },
    next: ['LOOKUP', 'sweeper'],
    at: inMs(30_000),
    says: /has gone without settling it.*not sent again meanwhile.*in 30 s\) the provider is asked again/s,
  },
  {
    it: 'delivered, with the provider’s own id',
    facts: { sendStatus: 'DELIVERED', claimed: true },
    rest: { journal: [attempt({ providerId: 'sim-42' })] },
    next: ['NOTHING', 'nobody'],
    says: /accepted it by e-mail at 2026-11-25 08:59:59 \(its id for it: sim-42\)/,
  },
  {
    it: 'loaded as delivered',
    facts: { sendStatus: 'DELIVERED' },
    next: ['NOTHING', 'nobody'],
    says: /billcast did not send it/,
  },
  {
    it: 'failed with its dead letter owed',
    facts: { sendStatus: 'FAILED', reason: 'CIPHER_FAILED', publishStatus: 'PENDING' },
    next: ['DEAD_LETTER', 'relay'],
    says: /could not be decrypted.*Then: Nothing more happens by itself.*CIPHER_KEYS/s,
  },
  {
    it: 'failed with its retransmission',
    facts: { sendStatus: 'FAILED', reason: 'SMS_REFUSED', retransmitAt: inMs(600_000) },
    next: ['NEXT_CYCLE', 'sweeper'],
    at: inMs(600_000),
    says: /At 2026-11-25 09:10:00 \(in 10 min\) cycle 2 of 3 begins/,
  },
  {
    it: 'failed in its last cycle',
    facts: { sendStatus: 'FAILED', reason: 'SMS_REFUSED', retransmitAt: inMs(600_000), cycle: 3 },
    next: ['RETRY', 'person'],
    says: /Nothing more happens by itself/,
  },
  {
    it: 'cancelled, by whom and why',
    facts: { sendStatus: 'CANCELLED', reason: 'REPLACED_BY 43' },
    rest: { journal: [attempt({ outcome: 'CANCELLED', actor: 'person alice', reason: 'REPLACED_BY 43' })] },
    next: ['NOTHING', 'nobody'],
    says: /cancelled at 2026-11-25 08:59:59, by person alice\.\nThe reason given: REPLACED_BY 43\./,
  },
  {
    it: 'unknown',
    facts: null,
    next: ['NOTHING', 'nobody'],
    says: /billcast does not know bill 42.*No record came for it either/s,
  },
];

describe('a bill that is', () => {
  for (const { it: title, facts, rest, next, at, says } of cases)
    it(title, () => {
      const explanation = explained(facts, rest);
      assert.deepEqual([explanation.next.step, explanation.next.by], next);
      if (at !== undefined) assert.deepEqual(explanation.next.at, at);
      assert.match(textOf(explanation), says);
    });
});

describe('the history', () => {
  it('tells each attempt: when, by which way, with what answer, how long, by whom', () => {
    const journal = [
      attempt({
        outcome: 'REFUSED',
        reason: 'EMAIL_REFUSED',
        finishedAt: inMs(-9_000),
        startedAt: inMs(-10_500),
      }),
      attempt({ channel: 'SMS', providerId: 'id-1' }),
      attempt({ outcome: 'ACCEPTED', applied: false, finishedAt: inMs(-10) }),
      attempt({ outcome: 'RETRIED', cycle: 2, actor: 'person alice', reason: 'SMS_REFUSED' }),
      attempt({ outcome: 'SOMETHING_NEW' }),
    ];
    const lines = explained({}, { journal }).history.map(({ text }) => text);
    assert.equal(
      lines[0],
      'cycle 1, e-mail: refused by the provider for good: the provider refused the e-mail for good (1.5 s, by dispatcher host:1)',
    );
    assert.equal(lines[1], 'cycle 1, SMS: accepted by the provider (id id-1, 1.0 s, by dispatcher host:1)');
    assert.match(lines[2] ?? '', /^cycle 2, e-mail: this cycle was started by a person/);
    assert.match(lines[3] ?? '', /SOMETHING_NEW/);
    assert.match(lines[4] ?? '', /too late: it changed nothing/);
  });

  for (const outcome of ['NOT_SENT', 'UNKNOWN', 'NEVER', 'UNPREPARABLE', 'CANCELLED'])
    it(`has words for ${outcome}`, () => {
      const [line] = explained({}, { journal: [attempt({ outcome })] }).history;
      assert.doesNotMatch(line?.text ?? outcome, new RegExp(outcome));
    });

  it('is written below the sentences, in the bills’ time zone', () => {
    const history = historyOf({ sendStatus: 'DELIVERED', claimed: true }, { journal: [attempt({})] });
    const text = explanationText(history, explain(history, surroundings), 'Asia/Seoul');
    assert.match(text, /^bill 42 of 2026-11: DELIVERED, e-mail, cycle 1 \(times in Asia\/Seoul\)\n\n/);
    assert.match(
      text,
      /\nNext: Nothing more happens\..*\n\nHistory:\n {2}2026-11-25 08:59:59 {2}cycle 1, e-mail/s,
    );
  });

  it('of a held and of an unknown bill is headed so', () => {
    assert.match(headlineOf(historyOf({ publishStatus: 'HELD', month: null })), /^bill 42: HELD/);
    assert.equal(headlineOf(historyOf(null)), 'bill 42: unknown');
  });
});
