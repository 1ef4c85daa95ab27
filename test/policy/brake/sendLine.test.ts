import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SendLine } from '../../../src/policy/brake/sendLine.ts';

describe('a line of sends', () => {
  it('lets no more run than there is room for, in the order they came, whatever the room does', async () => {
    const step = fc.oneof(
      fc.constant('enter' as const),
      fc.constant('ended' as const),
      fc.record({ room: fc.nat({ max: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        let room = 2;
        const line = new SendLine(() => room);
        const begun: number[] = [];
        let entered = 0;
        let over = 0;
        const enter = (): void => {
          const nth = entered++;
          const turn = line.enter(false);
          if (turn === undefined) begun.push(nth);
          else void turn.then((mayBegin) => mayBegin && begun.push(nth));
        };
        for (const one of steps) {
          const openBefore = begun.length - over;
          if (one === 'enter') enter();
          else if (one !== 'ended') {
            room = one.room;
            line.serve();
          } else if (openBefore > 0) {
            over++;
            line.ended(undefined);
          }
          await Promise.resolve();
          const open = begun.length - over;
          assert.ok(open <= Math.max(room, openBefore), `${open} run`);
          assert.equal(open, line.running);
          assert.ok(
            open >= Math.min(room, entered - over) || typeof one === 'object',
            'none waits for nothing',
          );
        }
        assert.deepEqual(
          begun,
          begun.map((_, nth) => nth),
        );
        line.turnAway();
      }),
    );
  });

  it('gives back what has waited for two seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { now } = performance;
    let nowMs = 0;
    performance.now = () => nowMs;
    t.after(() => {
      performance.now = now;
    });
    const line = new SendLine(() => 1);
    assert.equal(line.enter(false), undefined);
    const early = line.enter(false);
    nowMs = 1_500;
    const late = line.enter(false);
    nowMs = 2_200;
    t.mock.timers.tick(500);
    assert.equal(await early, false);
    line.ended(5);
    assert.deepEqual([await late, line.running], [true, 1]);
  });

  it('turns away all that wait, but no trial waits', async () => {
    const line = new SendLine(() => 1);
    assert.equal(line.enter(false), undefined);
    const waiting = line.enter(false);
    assert.equal(line.enter(true), undefined);
    line.turnAway();
    assert.deepEqual([await waiting, line.running], [false, 2]);
  });

  it('hands off ahead if answers come quickly, and soon no longer if they do not', () => {
    const line = new SendLine(() => 20);
    const never = Number.POSITIVE_INFINITY;
    assert.deepEqual([line.ahead(20), line.meanMs, line.mostInTime], [0, never, never]);
    const answers = (count: number, tookMs: number): void => {
      for (let answer = 0; answer < count; answer++) {
        assert.equal(line.enter(false), undefined);
        line.ended(tookMs);
      }
    };
    answers(1, 2);
    assert.deepEqual([line.ahead(20), line.gatherMs, line.meanMs, line.mostInTime], [80, 10, 2, 100_000]);
    answers(50, 1_000);
    assert.ok(line.ahead(20) === 0 && line.gatherMs === 3 && line.meanMs > 990 && line.mostInTime < 210);
  });
});
