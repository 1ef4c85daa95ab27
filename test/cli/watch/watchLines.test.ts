import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import { watchLine, watchLines } from '../../../src/cli/watch/watchLines.ts';
import type { WatchFacts } from '../../../src/operations/readWatch.ts';

const asOf = new Date('2026-11-25T00:00:05Z');
const off = { on: false, since: null, kind: null, cause: null, by: null, trials: 0, nextTrialAt: null };
const counts = {
  pending: 400_012,
  waiting: 12,
  held: 0,
  owed: 0,
  sending: 2_000,
  sent: 1_000,
  delivered: 9_120_000,
  failed: 131,
  inDoubt: 3,
  cancelled: 0,
  total: 9_523_146,
  deadLetters: 131,
  retransmissions: 130,
  sms: 1_200,
  earlyEvents: 0,
  confirmed: 0,
  bounced: 0,
};
const facts: WatchFacts = {
  counted: { asOf, counts },
  cluster: {
    channels: ['EMAIL', 'SMS'],
    alive: 2,
    silent: [],
    templateVersions: [],
    channelLists: [],
    inDoubt: 3,
    oldestDoubtMs: 240_000,
    control: { paused: false, pause: null, resumed: null },
    brakes: perChannel(() => off),
    rehearsals: [],
    isSafeMode: false,
    warmup: null,
  },
  lag: 120,
};
const rates = { overMs: 15_000, deliveredPerSecond: 4_000, failedPerSecond: 30, secondsLeft: 100 };
const timeZone = 'Asia/Seoul';

function textOf(view: WatchFacts, trouble: string | null = null): string {
  return watchLines({ facts: view, rates, timeZone, trouble })
    .map(({ text }) => text)
    .join('\n');
}

describe('the live screen', () => {
  it('says on the screen that the numbers are old, and why', () => {
    assert.match(textOf(facts, 'the database is away'), /\nThese numbers are old: the database is away\n/);
    assert.doesNotMatch(textOf(facts), /numbers are old/);
  });

  it('shows every state, the rate, the time left and the lag', () => {
    const text = textOf(facts);
    assert.match(text, /^billcast {2}2026-11-25 09:00:05 \(Asia\/Seoul\) {2}sending$/m);
    assert.match(text, /^ {2}delivered {4}9,120,000 {2}█{23}· {2}1,200 bills have gone on to SMS$/m);
    assert.match(text, /^ {2}pending {8}400,000 .* due$/m);
    assert.match(text, /4,030 bills\/s over 15 s {2}100 s left {2}lag 120 events/);
  });

  it('says what needs a person, with the command', () => {
    const text = textOf(facts);
    assert.match(text, /- Bills in doubt: 3, the oldest for 240 s\. `billcast resolve --list`/);
    assert.match(text, /- Failed, and not retried by themselves: 1\. `billcast failures`/);
  });

  it('says that nothing needs a person, also without a dispatcher if nothing is due', () => {
    const done = {
      ...counts,
      pending: 0,
      waiting: 0,
      sending: 0,
      sent: 0,
      failed: 0,
      retransmissions: 0,
    };
    const cluster = { ...facts.cluster, alive: 0, inDoubt: 0, oldestDoubtMs: 0 };
    assert.match(
      textOf({ ...facts, cluster, counted: { asOf, counts: done } }),
      /Nothing needs a person now/,
    );
  });

  it('says that the lag is unknown, and who paused', () => {
    const pause = { since: asOf, by: 'person alice', reason: 'maintenance' };
    const control = { paused: true, pause, resumed: null };
    const text = textOf({ ...facts, lag: null, cluster: { ...facts.cluster, control } });
    assert.match(text, /lag unknown/);
    assert.match(text, /^ {2}paused since 2026-11-25 09:00:05, by person alice: maintenance$/m);
  });

  it('is one line without a terminal', () => {
    assert.equal(
      watchLine({ facts, rates: null, timeZone, trouble: null }),
      '2026-11-25 09:00:05  sending  delivered 9,120,000 of 9,523,146  failed 131  in doubt 3  waiting 12  held 0  ' +
        'bills/s: measuring  lag 120 events',
    );
  });
});
