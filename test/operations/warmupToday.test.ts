import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { judgeWarmup } from '../../src/operations/doctor/checkWarmup.ts';
import { warmupWait } from '../../src/operations/forecast/warmupWait.ts';
import { hindrancesOf, hindranceText } from '../../src/operations/hindrances.ts';
import { isDayUsedUp, usedWarmup, warmupState, warmupText } from '../../src/operations/warmupToday.ts';
import { limitOn } from '../../src/providers/dayQuota.ts';
import { readWarmupPlan } from '../../src/providers/smtp/warmupPlan.ts';

const plan = readWarmupPlan(
  '2026-12-01:1000,2026-12-02:2000,2026-12-03:4000,gmail.com/2026-12-01:200,gmail.com/2026-12-03:unlimited',
);
const endsAt = new Date('2026-12-02T15:00:00Z');
const now = new Date('2026-12-02T03:00:00Z');

function stateOf(day: string, all: number, gmail = 0) {
  const reserved = [
    { sender: 'bill.test', receiver: undefined, reserved: all },
    { sender: 'bill.test', receiver: 'gmail.com', reserved: gmail },
  ];
  return warmupState('bill.test', plan, { day, endsAt, reserved });
}

function textsOf(state: ReturnType<typeof stateOf>): string[] {
  return state.numbers.map((number) => warmupText(state, number, (at) => at.toISOString()));
}

describe('the warm-up plan of today', () => {
  it('is said in words, with what comes next', () => {
    assert.deepEqual(textsOf(stateOf('2026-12-02', 300, 200)), [
      '300 of 2,000 mails of 2026-12-02',
      '200 of 200 mails of 2026-12-02 are used up: bills wait, the next as many as there are from 2026-12-02T15:00:00.000Z',
    ]);
    const [all, gmail] = textsOf(stateOf('2026-11-30', 0));
    assert.equal(
      all,
      'no mail on 2026-11-30, because the plan allows none yet, the next 1,000 from 2026-12-02T15:00:00.000Z',
    );
    assert.match(gmail ?? '', /^no mail on 2026-11-30/);
    assert.equal(textsOf(stateOf('2026-12-05', 7, 5))[1], 'no limit any more; 5 mails of 2026-12-05');
  });

  it('keeps bills from being sent if all of it is used, not if that of one domain is', () => {
    const cluster = { alive: 1, control: { paused: false, pause: null, resumed: null }, brakes: {} };
    const open = stateOf('2026-12-02', 300, 200);
    assert.equal(isDayUsedUp(open), false);
    assert.deepEqual(hindrancesOf({ ...cluster, warmup: open }), []);
    const full = stateOf('2026-12-02', 2_000, 200);
    assert.equal(isDayUsedUp(full), true);
    const [hindrance] = hindrancesOf({ ...cluster, warmup: full });
    assert.match(
      hindrance === undefined ? '' : hindranceText(hindrance, String),
      /2,000 of 2,000 .* by itself/,
    );
  });

  it('is judged by doctor: used up, the last number, and a plan that is over', () => {
    const judged = (day: string, all: number) => {
      const state = stateOf(day, all);
      return state.numbers.map((number) =>
        judgeWarmup(
          state,
          {
            number,
            limits: (number.receiver === null ? plan.all : plan.byReceiver.get(number.receiver)) ?? [],
          },
          String,
        ),
      );
    };
    assert.deepEqual(
      judged('2026-12-02', 5).map(({ verdict }) => verdict),
      ['ok', 'ok'],
    );
    assert.match(judged('2026-12-02', 2_000)[0]?.text ?? '', /used up/);
    const [last, over] = judged('2026-12-03', 5);
    assert.match(last?.text ?? '', /last number of SMTP_WARMUP, and it stays/);
    assert.match(over?.text ?? '', /remove it from SMTP_WARMUP/);
  });

  it('says in a forecast on which day the last mail goes out', () => {
    const state = stateOf('2026-12-02', 1_500, 200);
    const wait = (mails: number, gmail = 0) =>
      warmupWait({ state, plan, now, mails, domains: [{ domain: 'gmail.com', bills: gmail }] });
    assert.equal(wait(500), null);
    assert.deepEqual(wait(501), { seconds: 12 * 3_600, day: '2026-12-03' });
    assert.deepEqual(wait(4_501), { seconds: 36 * 3_600, day: '2026-12-04' });
    assert.deepEqual(wait(10, 5), { seconds: 12 * 3_600, day: '2026-12-03' });
  });

  it('is there only if e-mails go out by SMTP', () => {
    const smtp = { SMTP_URL: 'smtp://a.test', SMTP_FROM: 'bill@bill.test', SMTP_WARMUP: '2026-12-01:5' };
    const used = usedWarmup(loadConfig({ ...smtp, PROVIDER_EMAIL: 'smtp' }));
    assert.deepEqual([used?.channel, used?.sender], ['EMAIL', 'bill.test']);
    assert.equal(usedWarmup(loadConfig(smtp)), undefined);
    assert.equal(usedWarmup(loadConfig({ ...smtp, SMTP_WARMUP: '', PROVIDER_EMAIL: 'smtp' })), undefined);
    const { warmup } = loadConfig(smtp).providerSettings.smtp;
    assert.equal(limitOn(warmup.all ?? [], '2026-12-09'), 5);
    assert.throws(() => loadConfig({ SMTP_WARMUP: 'x' }), /SMTP_WARMUP must be day:mails per day/);
  });
});
