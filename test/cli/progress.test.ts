import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import { createProgress, progressLine } from '../../src/cli/progress.ts';
import { off } from '../../src/db/reads/brakeStates.ts';
import type { StatusFacts } from '../../src/operations/status.ts';
import { noBills } from '../support/noBills.ts';

function factsOf(facts: Partial<StatusFacts> = {}): StatusFacts {
  return {
    ...noBills,
    channels: ['EMAIL', 'SMS'],
    asOf: new Date(0),
    exact: true,
    countedSince: null,
    drift: 0,
    lag: 0,
    brakes: perChannel(() => off),
    missingTopics: [],
    ...facts,
  };
}

describe('the progress line', () => {
  it('says what is published, what became of it, how fast, and the time left', () => {
    const facts = factsOf({
      total: 12_000,
      held: 1_000,
      owed: 500,
      delivered: 6_000,
      sms: 60,
      failed: 2,
      inDoubt: 3,
      waiting: 100,
      cancelled: 8,
      lag: 1_234,
    });
    assert.equal(
      progressLine(facts, 999.6),
      'published 10,500  delivered 6,000  SMS 60  failed 2  in doubt 3  waiting 100  bills/s ' +
        '1,000  lag 1,234  5 s left',
    );
  });

  it('says no time if nothing moves, or nothing is left', () => {
    assert.ok(!progressLine(factsOf({ total: 10 }), 0).includes('left'));
    assert.ok(!progressLine(factsOf({ total: 10, delivered: 10 }), 100).includes('left'));
    assert.ok(!progressLine(factsOf({ total: 10, delivered: 8, waiting: 1, held: 1 }), 100).includes('left'));
  });

  it('says what is waited for when nothing but bills in doubt is left', () => {
    const line = progressLine(factsOf({ total: 10, delivered: 8, inDoubt: 2 }), 1);
    assert.match(line, /in doubt 2 .* bills in doubt wait for a look-up or a person$/);
    assert.doesNotMatch(line, / s left/);
  });
});

describe('progress', () => {
  /** A stream that keeps what is written, and a clock that stands still until it is moved. */
  const arrange = (t: TestContext, isTTY: boolean) => {
    let now = 1_000;
    t.mock.method(performance, 'now', () => now);
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 }) as PassThrough &
      NodeJS.WriteStream;
    const progress = createProgress(stream);
    const show = (facts: Partial<StatusFacts>, afterMs: number): string => {
      now += afterMs;
      progress.show(factsOf(facts));
      return String(stream.read() ?? '');
    };
    return { progress, show, written: () => String(stream.read() ?? '') };
  };

  it('is a line every two seconds without a terminal', (t) => {
    const { show, progress, written } = arrange(t, false);
    assert.match(show({ total: 10 }, 0), /^published 10 .*\n$/);
    assert.equal(show({ total: 10 }, 1_999), '');
    assert.match(show({ total: 10 }, 1), /\n$/);
    progress.end();
    assert.equal(written(), '');
  });

  it('is one line that is drawn again on a terminal, cut at its width, and left standing', (t) => {
    const { show, progress, written } = arrange(t, true);
    for (let draw = 0; draw < 2; draw++) {
      const drawn = show({ total: 10 }, 10);
      assert.ok(drawn.startsWith('\r\x1b[K') && !drawn.includes('\n'));
      assert.equal(drawn.length - '\r\x1b[K'.length, 39);
    }
    progress.end();
    progress.end();
    assert.equal(written(), '\n');
  });

  it('takes the rate over the last seconds', (t) => {
    const { show } = arrange(t, false);
    show({ total: 10_000 }, 0);
    assert.match(show({ total: 10_000, delivered: 1_900, failed: 100 }, 2_000), /bills\/s 1,000 /);
    for (let second = 0; second < 6; second++) show({ total: 10_000, delivered: 2_000 }, 1_000);
    assert.match(show({ total: 10_000, delivered: 2_000 }, 2_000), /bills\/s 0 /);
  });
});
