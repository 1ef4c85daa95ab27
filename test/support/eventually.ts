import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks a server again and again, for a fact of which no signal comes. */
export async function eventually(isTrue: () => Promise<boolean> | boolean, limitMs = 60_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `still not true after ${limitMs} ms: ${isTrue}`);
    await sleep(20);
  }
}
