import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RateLine } from '../../../src/policy/rate/rateLine.ts';
import { DomainPace, readDomainRates } from '../../../src/providers/smtp/domainPace.ts';
import { fullestSecond, SimulatedRow, VirtualTime } from '../../support/rateSimulation.ts';

describe('the pace of a domain', () => {
  it('is read from its setting, and a wrong one is an error', () => {
    assert.deepEqual(
      [...readDomainRates('Naver.com:50, hanmail.net:0.5')],
      [
        ['naver.com', 50],
        ['hanmail.net', 0.5],
      ],
    );
    for (const text of ['', 'naver.com', 'naver.com:0', 'a.kr:1,a.kr:2', 'a.kr:x']) {
      assert.throws(() => readDomainRates(text), /domain:messages per second/);
    }
  });

  it('lets others pass at once', () => {
    const pace = paceOf(new VirtualTime(), new SimulatedRow(), { 'naver.com': 1 });
    assert.equal(pace.lineOf('kim@example.kr'), undefined);
    assert.equal(pace.lineOf('kim@notnaver.com'), undefined);
    assert.ok(pace.lineOf('kim@Naver.com'));
  });

  for (const processes of [1, 4]) {
    it(`is that of all messages of ${processes} processes, whoever comes again when told to`, async () => {
      const { passed, tries } = await sendAll({ processes, bills: 300, perSecond: 10, forMs: 33_000 });
      assert.ok(fullestSecond(passed) <= 10, `${fullestSecond(passed)} in a second`);
      assert.ok(passed.length >= 290, `${passed.length} in 33 s: nearly all of the rate is used`);
      assert.ok(tries < 4 * 300, `${tries} tries of 300 bills`);
    });
  }

  it('gives back what waits when the process stops', async () => {
    const pace = paceOf(new VirtualTime(), new SimulatedRow(), { 'naver.com': 1 });
    const waitMs = pace.lineOf('kim@naver.com')?.waitMs(() => 0);
    pace.stop();
    assert.equal(await waitMs, 2_000);
  });
});

function paceOf(time: VirtualTime, row: SimulatedRow, rates: Readonly<Record<string, number>>): DomainPace {
  return new DomainPace({
    rates: new Map(Object.entries(rates)),
    mostWaiting: 5,
    openRate: (name, perSecond) => {
      assert.equal(name, '@naver.com', 'no provider has this name');
      const stepMs = 1_000 / perSecond;
      return new RateLine({
        perSecond,
        now: () => time.nowMs,
        startTimer: (run, afterMs) => time.after(afterMs, run),
        reserve: async (ask) => {
          const firstMs = row.reserve(ask, stepMs, time.nowMs);
          return firstMs === undefined ? undefined : { firstMs, stepMs, count: ask.count };
        },
      });
    },
  });
}

/** All bills of one domain, spread over processes, which share nothing but the row of the database. */
async function sendAll(setup: {
  readonly processes: number;
  readonly bills: number;
  readonly perSecond: number;
  readonly forMs: number;
}) {
  const time = new VirtualTime();
  const row = new SimulatedRow();
  const paces = Array.from({ length: setup.processes }, () =>
    paceOf(time, row, { 'naver.com': setup.perSecond }),
  );
  const passed: number[] = [];
  let tries = 0;
  const attempt = async (bill: number): Promise<void> => {
    tries++;
    const waitMs = await paces[bill % setup.processes]?.lineOf('kim@naver.com')?.waitMs(() => time.nowMs);
    if (waitMs === 0) passed.push(time.nowMs);
    else time.after(waitMs ?? 0, () => void attempt(bill));
  };
  for (let bill = 0; bill < setup.bills; bill++) time.after(0, () => void attempt(bill));
  await time.runUntil(setup.forMs);
  return { passed, tries };
}
