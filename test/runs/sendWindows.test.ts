import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendWindow } from '../../src/runs/plan.ts';
import { weekDays } from '../../src/runs/planRequest.ts';
import { afterOpenMs, openMsBetween, windowStateAt } from '../../src/runs/sendWindows.ts';

const seoul: SendWindow = { from: '09:00', to: '18:00', timeZone: 'Asia/Seoul', days: weekDays };

function at(text: string): number {
  return Date.parse(text);
}
function shown(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
function stateAt(windows: readonly SendWindow[], text: string) {
  const { isOpen, untilMs } = windowStateAt({ windows, channels: ['EMAIL', 'SMS'] }, at(text));
  return [isOpen, shown(untilMs)];
}

describe('send windows', () => {
  it('are always open if there are none', () => {
    assert.deepEqual(stateAt([], '2026-11-28T03:00:00Z'), [true, null]);
  });

  it('open and close by the clock of their time zone', () => {
    assert.deepEqual(stateAt([seoul], '2026-11-27T23:59:59Z'), [false, '2026-11-28T00:00:00.000Z']);
    assert.deepEqual(stateAt([seoul], '2026-11-28T00:00:00Z'), [true, '2026-11-28T09:00:00.000Z']);
    assert.deepEqual(stateAt([seoul], '2026-11-28T09:00:00Z'), [false, '2026-11-29T00:00:00.000Z']);
  });

  it('of some days are closed on the others', () => {
    const workdays: SendWindow = { ...seoul, days: ['mon', 'tue', 'wed', 'thu', 'fri'] };
    // 2026-11-28 is a Saturday.
    assert.deepEqual(stateAt([workdays], '2026-11-28T03:00:00Z'), [false, '2026-11-30T00:00:00.000Z']);
  });

  it('that cross midnight belong to the day on which they begin', () => {
    const night: SendWindow = { from: '22:00', to: '06:00', timeZone: 'Asia/Seoul', days: ['fri'] };
    assert.deepEqual(stateAt([night], '2026-11-27T20:00:00Z'), [true, '2026-11-27T21:00:00.000Z']);
    assert.deepEqual(stateAt([night], '2026-11-28T14:00:00Z'), [false, '2026-12-04T13:00:00.000Z']);
  });

  it('that meet are one', () => {
    const both = [seoul, { ...seoul, from: '18:00', to: '20:00' }];
    assert.deepEqual(stateAt(both, '2026-11-28T03:00:00Z'), [true, '2026-11-28T11:00:00.000Z']);
  });

  it('of two channels must both be open, since a bill may turn from one to the other', () => {
    const both: SendWindow[] = [
      { ...seoul, channel: 'EMAIL', from: '06:00' },
      { ...seoul, channel: 'SMS', to: '17:00' },
    ];
    assert.deepEqual(stateAt(both, '2026-11-27T22:00:00Z'), [false, '2026-11-28T00:00:00.000Z']);
    assert.deepEqual(stateAt(both, '2026-11-28T00:00:00Z'), [true, '2026-11-28T08:00:00.000Z']);
  });

  it('that never meet never open', () => {
    const apart: SendWindow[] = [
      { ...seoul, channel: 'EMAIL', to: '12:00' },
      { ...seoul, channel: 'SMS', from: '13:00' },
    ];
    assert.deepEqual(stateAt(apart, '2026-11-28T00:00:00Z'), [false, null]);
  });

  it('keep to the clock on the wall when it is changed', () => {
    const berlin: SendWindow = { from: '09:00', to: '18:00', timeZone: 'Europe/Berlin', days: weekDays };
    // Summer time ends on 2026-10-25: the day before opens at 07:00 UTC, the day after at 08:00 UTC.
    assert.deepEqual(stateAt([berlin], '2026-10-24T20:00:00Z'), [false, '2026-10-25T08:00:00.000Z']);
    assert.deepEqual(stateAt([berlin], '2026-03-28T20:00:00Z'), [false, '2026-03-29T07:00:00.000Z']);
  });
});

describe('time in open windows', () => {
  const times = { windows: [seoul], channels: ['EMAIL'] as const };

  it('goes on the next day', () => {
    const end = afterOpenMs(times, at('2026-11-28T08:00:00Z'), 3 * 3_600_000);
    assert.equal(shown(end), '2026-11-29T02:00:00.000Z');
  });

  it('is what it takes if there are no windows', () => {
    assert.equal(afterOpenMs({ windows: [], channels: ['EMAIL'] }, 1_000, 500), 1_500);
  });

  it('is counted between two moments', () => {
    const [from, to] = [at('2026-11-28T08:00:00Z'), at('2026-11-29T01:00:00Z')];
    assert.equal(openMsBetween(times, from, to), 2 * 3_600_000);
  });

  it('never comes if no window opens', () => {
    const never: SendWindow[] = [
      { ...seoul, channel: 'EMAIL', to: '12:00' },
      { ...seoul, channel: 'SMS', from: '13:00' },
    ];
    assert.equal(afterOpenMs({ windows: never, channels: ['EMAIL', 'SMS'] }, 0, 1), null);
  });
});
