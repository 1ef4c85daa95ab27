import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBacklogWalk } from '../../src/relay/backlogWalk.ts';

/** Each row is its own key. A read takes `costMs` by the clock of the test. */
function arrange(rows: number[], options: { limit?: number } = {}) {
  let now = 0;
  let costMs = 0;
  const walk = createBacklogWalk<number, number>({
    read: async ({ after, tail, limit }) => {
      if (!tail) now += costMs;
      return rows
        .filter((row) => row > after)
        .sort((left, right) => left - right)
        .slice(0, limit);
    },
    keyOf: (row) => row,
    first: -1,
    last: 1_000,
    limit: options.limit ?? 3,
    now: () => now,
  });
  return {
    walk,
    rows,
    pass: (ms: number) => {
      now += ms;
    },
    costs: (ms: number) => {
      costMs = ms;
    },
    next: async () => (await walk.next()).rows,
  };
}

describe('the walk over what is owed', () => {
  it('begins again after the end', async () => {
    const { next, rows } = arrange([1, 2]);
    assert.deepEqual(await next(), [1, 2]);
    rows.splice(0, 1);
    assert.deepEqual(await next(), [2]);
  });

  it('goes past what stays owed, in turns with what is new at the end', async () => {
    const { next, rows } = arrange([1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(await next(), [1, 2, 3]);
    assert.deepEqual(await next(), [], 'nothing is new at the end yet');
    assert.deepEqual(await next(), [4, 5, 6]);
    assert.deepEqual(await next(), []);
    assert.deepEqual(await next(), [7]);
    rows.push(8, 9);
    assert.deepEqual(await next(), [1, 2, 3]);
    assert.deepEqual(await next(), [8, 9]);
    assert.deepEqual(await next(), [4, 5, 6]);
  });

  it('that is slow rests, while what is new is read at once', async () => {
    const { next, rows, costs, pass } = arrange([1, 2]);
    costs(1_000);
    assert.deepEqual(await next(), [1, 2]);
    rows.push(3);
    assert.deepEqual(await next(), [3]);
    rows.push(4);
    pass(19_000);
    assert.deepEqual(await next(), [4]);
    pass(1_000);
    assert.deepEqual(await next(), [1, 2, 3]);
  });

  it('does not rest within a pass in which much is published', async () => {
    const { walk, costs } = arrange([1, 2, 3, 4, 5]);
    costs(1_000);
    const window = await walk.next();
    walk.wasUseful(window);
    assert.deepEqual((await walk.next()).reader, 'tail');
    const last = await walk.next();
    assert.deepEqual(last.rows, [4, 5]);
    walk.wasUseful(last);
    assert.deepEqual((await walk.next()).reader, 'tail', 'at its end it does');
  });

  it('goes back for rows that were left', async () => {
    const { walk } = arrange([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const windows = [];
    while (windows.length < 3) {
      const window = await walk.next();
      if (window.reader === 'sweep') windows.push(window);
    }
    assert.deepEqual(windows[2]?.rows, [7, 8, 9]);
    assert.ok(windows[1] && windows[2]);
    walk.goBackTo(windows[1].start);
    walk.goBackTo(windows[2].start);
    await walk.next();
    assert.deepEqual((await walk.next()).rows, [4, 5, 6], 'and not forward again');
  });

  it('starts again for rows that were left in an earlier pass', async () => {
    const { walk } = arrange([1, 2, 3, 4]);
    const first = await walk.next();
    const sweep = async () => {
      for (;;) {
        const window = await walk.next();
        if (window.reader === 'sweep') return window.rows;
      }
    };
    assert.deepEqual(await sweep(), [4]);
    assert.deepEqual(await sweep(), [1, 2, 3]);
    walk.goBackTo(first.start);
    assert.deepEqual(await sweep(), [1, 2, 3]);
  });
});
