import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { weekDays } from '../../src/runs/planRequest.ts';
import { expectEnd, type RunCourse, remainingOf } from '../../src/runs/runDeadline.ts';

const nowMs = Date.parse('2026-11-28T00:00:00Z');
const hourMs = 3_600_000;

function course(changes: Partial<RunCourse> = {}, around: Partial<RunCourse['around']> = {}): RunCourse {
  return {
    nowMs,
    deadlineMs: nowMs + hourMs,
    notBeforeMs: null,
    remaining: 36_000,
    waits: { bills: 0, untilMs: null },
    measuredPerSecond: 10,
    pacePerSecond: null,
    times: { windows: [], channels: ['EMAIL'] },
    ...changes,
    around: {
      isHeld: false,
      isClusterPaused: false,
      brake: undefined,
      providerPerSecond: null,
      slowedBy: undefined,
      dispatchers: 2,
      ...around,
    },
  };
}
function helpOf(changes: Partial<RunCourse>, around: Partial<RunCourse['around']> = {}): readonly string[] {
  const { deadline } = expectEnd(course({ measuredPerSecond: 5, ...changes }, around));
  return 'help' in deadline ? deadline.help : [];
}

describe('the expected end', () => {
  it('is what the measured speed says', () => {
    assert.deepEqual(expectEnd(course()), { endMs: nowMs + hourMs, deadline: { kind: 'inTime' } });
  });

  it('is what the pace says until something was measured', () => {
    const { endMs } = expectEnd(course({ measuredPerSecond: null, pacePerSecond: 20 }));
    assert.equal(endMs, nowMs + hourMs / 2);
  });

  it('is unknown if neither is known', () => {
    const unknown = { endMs: null, deadline: { kind: 'unknown' } };
    assert.deepEqual(expectEnd(course({ measuredPerSecond: null })), unknown);
    assert.deepEqual(expectEnd(course({ measuredPerSecond: 0 })), unknown);
  });

  it('begins with the first moment of the run, and leaves out closed windows', () => {
    assert.equal(expectEnd(course({ notBeforeMs: nowMs + hourMs })).endMs, nowMs + 2 * hourMs);
    const windows = [{ from: '09:00', to: '09:30', timeZone: 'Asia/Seoul', days: weekDays }];
    const { endMs } = expectEnd(course({ times: { windows, channels: ['EMAIL'] } }));
    assert.equal(endMs, nowMs + 24.5 * hourMs);
  });

  it('is now if nothing remains', () => {
    assert.deepEqual(expectEnd(course({ remaining: 0, deadlineMs: nowMs - 1 })), {
      endMs: nowMs,
      deadline: { kind: 'inTime' },
    });
  });

  it('is when the last bill may go on that waits, and unknown until somebody has looked for such bills', () => {
    const waits = { bills: 7, untilMs: nowMs + 2 * hourMs };
    const late = expectEnd(course({ remaining: 0, waits }));
    assert.deepEqual([late.endMs, late.deadline.kind], [nowMs + 2 * hourMs, 'inDanger']);
    assert.equal(expectEnd(course({ waits })).endMs, nowMs + 2 * hourMs);
    assert.equal(expectEnd(course({ remaining: 0, waits, deadlineMs: nowMs - 1 })).deadline.kind, 'over');
    const unseen = { endMs: null, deadline: { kind: 'unknown' } };
    assert.deepEqual(expectEnd(course({ remaining: 0, waits: undefined })), unseen);
  });

  it('is compared with the deadline, if there is one', () => {
    assert.equal(expectEnd(course({ deadlineMs: null })).deadline.kind, 'none');
    assert.equal(expectEnd(course({ remaining: 36_001 })).deadline.kind, 'inDanger');
    assert.equal(expectEnd(course({ deadlineMs: nowMs - 1 })).deadline.kind, 'over');
  });
});

describe('what remains of a run', () => {
  const counts = { approved: 100, released: 40, onTheirWay: 5 };

  it('is what was approved and is not released, and what is on its way', () => {
    assert.equal(remainingOf({ ...counts, looked: undefined }), 65);
    assert.equal(remainingOf({ ...counts, approved: null, looked: undefined }), 5);
  });

  it('is none of what another run has, once somebody has looked', () => {
    assert.equal(remainingOf({ ...counts, looked: { held: 30, released: 40 } }), 35);
    assert.equal(remainingOf({ ...counts, released: 60, looked: { held: 30, released: 40 } }), 15);
    assert.equal(remainingOf({ ...counts, released: 70, looked: { held: 0, released: 60 } }), 5);
  });
});

describe('what would help', () => {
  it('is nothing but patience if bills wait for a later time', () => {
    const waits = { bills: 7, untilMs: nowMs + 2 * hourMs };
    assert.match(helpOf({ remaining: 0, waits }).join(), /^7 bills wait for the end of quiet hours/);
  });

  it('is first to let go what is stopped', () => {
    assert.match(helpOf({}, { isHeld: true }).join(), /^the run is paused: `billcast run resume`/);
    assert.match(helpOf({}, { isClusterPaused: true }).join(), /^the cluster is paused/);
    assert.match(helpOf({}, { brake: 'e-mail: HTTP 402' }).join(), /^a brake is on \(e-mail: HTTP 402\)/);
  });

  it('is a faster pace, if the pace is the limit', () => {
    assert.deepEqual(helpOf({ pacePerSecond: 5 }), [
      "the run's own pace is the limit, 5 bills per second: raise it",
      '36,000 bills in time need 10 bills per second, and it makes 5 bills per second',
    ]);
  });

  it('is more of the provider, if its rate or its 429 are the limit', () => {
    assert.match(helpOf({}, { providerPerSecond: 5 })[0] ?? '', /^PROVIDER_RATES is the limit, 5 bills/);
    assert.match(helpOf({}, { slowedBy: 'HTTP 429' })[0] ?? '', /^the provider slows us down \(HTTP 429\)/);
  });

  it('is wider windows, if they alone are the reason', () => {
    const times = {
      windows: [{ from: '09:00', to: '09:30', timeZone: 'Asia/Seoul', days: weekDays }],
      channels: ['EMAIL'] as const,
    };
    const [first] = helpOf({ measuredPerSecond: 10, times });
    assert.equal(first, 'the send windows are closed for 50 % of the time that is left: widen them');
  });

  it('is more processes, if no limit is reached', () => {
    assert.match(
      helpOf({ pacePerSecond: 50 })[0] ?? '',
      /^no limit is reached with 2 dispatcher\(s\): start more/,
    );
  });

  it('is to look, if nothing goes through', () => {
    const over = { deadlineMs: nowMs - 1, measuredPerSecond: null };
    assert.match(helpOf(over)[0] ?? '', /^nothing goes through/);
  });
});
