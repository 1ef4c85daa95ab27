import { workerData } from 'node:worker_threads';
import { createTaskServer } from '../../src/pool/taskServer.ts';

/** A render thread that dies in each of the ways a thread can, at bills of members named for it. */
export const runTask = createTaskServer(workerData, (renderer) => ({
  ...renderer,
  renderInto: (out, channel, text) => {
    if (text.includes('"exit"')) process.exit(3);
    if (text.includes('"hang"')) for (;;);
    if (text.includes('"slow"')) Atomics.wait(nobody, 0, 0, 25);
    if (text.includes('"memory"')) fillMemory();
    return renderer.renderInto(out, channel, text);
  },
}));

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Calls a function for every value: V8 ends a thread at calls and at loops, not within its own functions. */
function fillMemory(): never {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 1_000 }, (_, index) => ({ index })));
}
