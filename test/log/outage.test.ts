import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { wordsOf } from '../../src/db/statementFault.ts';
import { createOutage } from '../../src/log/outage.ts';
import { draw } from '../../src/providers/simulated/draw.ts';
import { captureLog } from '../support/capturedLog.ts';

const away = 'server unreachable, retrying';
const back = 'server is back';

/** An outage whose clock stands still until the test moves it. */
function arrange(t: TestContext) {
  let now = 1_000_000;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { log, lines } = captureLog();
  const outage = createOutage(log, 'kafka', { quietMs: 10_000, wordsOf });
  return {
    outage,
    lines,
    said: () => lines.map(({ msg }) => msg),
    pass: (ms: number) => {
      now += ms;
      t.mock.timers.tick(ms);
    },
  };
}

describe('an outage', () => {
  it('is logged in two lines, however many calls fail', (t) => {
    const { outage, lines, said, pass } = arrange(t);
    for (let call = 0; call < 50; call++) outage.failed(new Error('refused'));
    pass(3_000);
    for (let call = 0; call < 50; call++) outage.succeeded();
    assert.deepEqual(said(), [away]);
    pass(7_000);
    assert.deepEqual(said(), [away, back]);
    assert.deepEqual([lines[0]?.component, lines[0]?.why], ['kafka', 'refused']);
    assert.equal(lines[1]?.awayMs, 3_000);
  });

  it('says nothing while all goes well', (t) => {
    const { outage, said } = arrange(t);
    outage.succeeded();
    assert.deepEqual(said(), []);
  });

  it('that returns before its end is logged is the same one', (t) => {
    const { outage, lines, said, pass } = arrange(t);
    for (let flap = 0; flap < 9; flap++) {
      outage.failed(new Error('refused'));
      pass(500);
      outage.succeeded();
      pass(500);
    }
    assert.deepEqual(said(), [away]);
    pass(1_000);
    assert.deepEqual(said(), [away, back]);
    assert.equal(lines[1]?.awayMs, 8_500);
  });

  it('that returns right after its end and lasts is logged, with the time since its start', (t) => {
    const { outage, lines, said, pass } = arrange(t);
    outage.failed(new Error('refused'));
    pass(10_000);
    outage.succeeded();
    pass(1_000);
    outage.failed(new Error('refused'));
    pass(9_000);
    outage.failed(new Error('refused'));
    pass(15_000);
    outage.succeeded();
    assert.deepEqual(said(), [away, back, away, back]);
    assert.equal(lines[3]?.awayMs, 24_000);
  });

  it('never writes two lines within ten seconds, whatever happens', (t) => {
    const { outage, lines, pass } = arrange(t);
    const times: number[] = [];
    for (let step = 0; step < 2_000; step++) {
      if (draw(`flap ${step}`, 7) < 0.5) outage.failed(new Error('refused'));
      else outage.succeeded();
      pass(Math.round(draw(`pass ${step}`, 7) * 4_000));
      while (times.length < lines.length) times.push(performance.now());
    }
    assert.ok(times.length > 20);
    // A line of a timer in the middle of a step is seen at the end of the step, at most 4 s later.
    for (const [index, time] of times.entries()) {
      if (index > 0) assert.ok(time - (times[index - 1] ?? 0) > 6_000);
    }
  });

  it('that returns later is logged again', (t) => {
    const { outage, said, pass } = arrange(t);
    for (let time = 0; time < 2; time++) {
      outage.failed(new Error('refused'));
      outage.succeeded();
      pass(10_000);
      pass(10_000);
    }
    assert.deepEqual(said(), [away, back, away, back]);
  });

  it('of a server with two addresses says what the first of them said', (t) => {
    const { outage, lines } = arrange(t);
    outage.failed(new AggregateError([new Error('connect ECONNREFUSED ::1:5432'), new Error('other')]));
    assert.equal(lines[0]?.why, 'connect ECONNREFUSED ::1:5432');
  });

  it('takes what is no error as it is', (t) => {
    const { outage, lines } = arrange(t);
    outage.failed('gone');
    assert.equal(lines[0]?.why, 'gone');
  });
});

describe('what a server says that is there', () => {
  it('is logged in its own words, throttled, and is no outage', () => {
    const captured = captureLog();
    const outage = createOutage(captured.log, 'relay', { wordsOf });
    for (let times = 0; times < 3; times++) {
      outage.failed(Object.assign(new Error('deadlock detected'), { code: '40P01' }), {
        statement: 'mark-published',
      });
    }
    outage.succeeded();
    assert.deepEqual(
      captured.lines.map(({ msg, component, statement, why }) => [msg, component, statement, why]),
      [['transactions collided, trying again', 'relay', 'mark-published', 'deadlock detected']],
    );
  });
});
