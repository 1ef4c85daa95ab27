import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isolate, type PartOutcome } from '../../src/db/isolate.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { silentLog } from '../support/capturedLog.ts';
import { ownClock } from '../support/ownClock.ts';

const throttledLog = createThrottledLog(silentLog);
function withCode(code: string): Error {
  return Object.assign(new Error('said the server'), { code });
}
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function collect(
  items: readonly number[],
  run: (part: readonly number[]) => Promise<readonly number[]>,
) {
  const asked: (readonly number[])[] = [];
  const outcomes: PartOutcome<number, readonly number[]>[] = [];
  const recorded = (part: readonly number[]) => {
    asked.push(part);
    return run(part);
  };
  for await (const outcome of isolate(items, { run: recorded, throttledLog })) outcomes.push(outcome);
  return {
    asked,
    done: outcomes.flatMap((outcome) => (outcome.kind === 'done' ? outcome.result : [])),
    refused: outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.item] : [])),
    stuck: outcomes.flatMap((outcome) => (outcome.kind === 'stuck' ? outcome.items : [])),
  };
}

function failingFor(bad: readonly number[], code: string) {
  return async (part: readonly number[]) => {
    if (part.some((item) => bad.includes(item))) throw withCode(code);
    return part;
  };
}

describe('isolate', { concurrency: true }, () => {
  it('asks once if nothing fails, and not at all for nothing', async () => {
    assert.deepEqual((await collect(numbers(500), async (part) => part)).asked.length, 1);
    assert.deepEqual((await collect([], async (part) => part)).asked, []);
  });

  it('finds the items that the server refuses, and does all others in their order', async () => {
    const bad = [0, 137, 499];
    const { done, refused, stuck, asked } = await collect(numbers(500), failingFor(bad, '22008'));
    assert.deepEqual(refused, bad);
    assert.deepEqual(
      done,
      numbers(500).filter((item) => !bad.includes(item)),
    );
    assert.deepEqual(stuck, []);
    assert.ok(asked.length < 80, String(asked.length));
  });

  it('takes a batch that is too long to be written for one of smaller batches', async () => {
    const { done, refused } = await collect(numbers(500), async (part) => {
      if (part.length > 100) throw new RangeError('Invalid string length');
      return part;
    });
    assert.deepEqual([done, refused], [numbers(500), []]);
  });

  it('finds the item whose lock is not granted, and does all others', async () => {
    const { done, refused, stuck } = await collect(numbers(500), failingFor([300], '55P03'));
    assert.deepEqual([stuck, refused, done.length], [[300], [], 499]);
  });

  it('asks the whole again before it asks for parts: most cancelled statements are cancelled once', async () => {
    let cancelled = 0;
    const { done, asked } = await collect(numbers(500), async (part) => {
      if (cancelled++ === 0) throw withCode('57014');
      return part;
    });
    assert.deepEqual([done.length, asked.length], [500, 2]);
  });

  it('gives up soon if the fault is not that of single items', async () => {
    const { done, stuck, asked } = await collect(numbers(500), async () => {
      throw withCode('57014');
    });
    assert.deepEqual([done, stuck.toSorted((a, b) => a - b)], [[], numbers(500)]);
    assert.ok(asked.length < 20, String(asked.length));
  });

  it('throws what is no fault of a statement', async () => {
    await assert.rejects(
      collect(numbers(5), async () => {
        throw new TypeError('a mistake of ours');
      }),
      TypeError,
    );
  });
});

it('isolate asks again until somebody has given the right that is missing', async (t) => {
  const clock = ownClock(t);
  let tries = 0;
  const collecting = collect(numbers(5), async (part) => {
    if (tries++ === 0) throw withCode('42501');
    return part;
  });
  const { done, asked } = await clock.until(collecting);
  assert.deepEqual([done.length, asked.length], [5, 2]);
  assert.ok(clock.passedMs >= 1_000, `asked again after ${clock.passedMs} ms`);
});
