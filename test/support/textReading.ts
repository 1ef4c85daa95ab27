import assert from 'node:assert/strict';

/** The most that is read of an answer. */
const length = 65_536;
const pieces = ['a', '<', '(', '+', '"', "'", '@', '1(', 'a@', '<a', ' ', '\u200b'];

/**
 * Fails if the reading of a long text takes time that grows by the square of its length, as that of a pattern
 * may which starts at every letter. Then it would take some thousand times as long as counting the letters,
 * and hold up all bills of the process for seconds.
 */
export function assertReadOnce(read: (text: string) => unknown): void {
  for (const piece of pieces) {
    const text = `${piece.repeat(length / piece.length)}!`;
    const readMs = shortest(() => read(text));
    const countMs = shortest(() => text.replaceAll(/\p{L}/gu, '').length);
    assert.ok(readMs < 50 * countMs + 50, `${piece}: ${readMs} ms, and ${countMs} to count the letters`);
  }
}

/** Of three, because the machine may be busy with something else. */
function shortest(work: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const startMs = performance.now();
      work();
      return performance.now() - startMs;
    }),
  );
}
