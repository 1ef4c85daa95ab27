import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { quietMsLeft } from '../../src/policy/quietHours.ts';

const minute = 60_000;
const hour = 60 * minute;
/** 2026-11-23 at this time of day in Seoul, nine hours ahead of UTC all year. */
function inSeoul(time: string): Date {
  return new Date(`2026-11-23T${time}+09:00`);
}
function left(hours: { start: string; end: string }, time: string) {
  return quietMsLeft(hours, inSeoul(time), 'Asia/Seoul');
}

describe('quiet hours', () => {
  const day = { start: '12:00:00', end: '14:30:00' };
  const night = { start: '22:00', end: '08:00' };

  it('within a day hold until they end', () => {
    assert.equal(left(day, '11:59:59.999'), 0);
    assert.equal(left(day, '12:00:00'), 150 * minute);
    assert.equal(left(day, '14:29:59.500'), 500);
    assert.equal(left(day, '14:30:00'), 0);
  });

  it('over midnight hold on both sides of it', () => {
    assert.equal(left(night, '21:59:59'), 0);
    assert.equal(left(night, '22:00:00'), 10 * hour);
    assert.equal(left(night, '00:00:00'), 8 * hour);
    assert.equal(left(night, '07:59:00'), minute);
    assert.equal(left(night, '08:00:00'), 0);
  });

  it('are those of the time zone, also when the clocks change', () => {
    const summer = new Date('2026-07-01T21:30:00Z');
    const winter = new Date('2026-12-01T21:30:00Z');
    assert.equal(quietMsLeft(night, summer, 'Europe/London'), 9.5 * hour);
    assert.equal(quietMsLeft(night, winter, 'Europe/London'), 0);
  });

  it('of no length are none', () => assert.equal(left({ start: '09:00', end: '09:00' }, '09:00:00'), 0));

  it('end when they say: after what is left it is not quiet any more, a moment before it is', () => {
    const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
      return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
    });
    const instant = fc.date({
      min: new Date('2026-01-01'),
      max: new Date('2027-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, time, instant, (start, end, now) => {
        const ms = quietMsLeft({ start, end }, now, 'Asia/Seoul');
        if (ms === 0) return;
        const at = (offset: number) =>
          quietMsLeft({ start, end }, new Date(now.getTime() + offset), 'Asia/Seoul');
        assert.equal(at(ms), 0);
        assert.equal(at(ms - 1), 1);
      }),
    );
  });
});
