import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SpareMemory } from '../../src/pool/spareMemory.ts';

describe('spare memory', () => {
  it('is what was given back, as often as it was, each once', () => {
    const memory = new SpareMemory();
    assert.equal(memory.take(), undefined);
    memory.giveBack(new ArrayBuffer(8));
    memory.giveBack(new ArrayBuffer(16));
    const sizes = [memory.take()?.byteLength, memory.take()?.byteLength];
    assert.deepEqual(sizes.sort(), [16, 8]);
    assert.equal(memory.take(), undefined);
  });

  it('shows nothing of what comes next to those who still have a view of it', () => {
    const memory = new SpareMemory();
    const batch = new ArrayBuffer(8);
    const view = Buffer.from(batch, 0, 8);
    memory.giveBack(batch);
    memory.giveBack(batch);
    Buffer.from(memory.take() ?? new ArrayBuffer()).fill(1);
    assert.equal(view.length, 0);
    assert.equal(memory.take(), undefined);
  });

  it('is bounded in number and in size', () => {
    const memory = new SpareMemory();
    memory.giveBack(new ArrayBuffer(16_777_217));
    assert.equal(memory.take(), undefined);
    for (let given = 0; given < 10; given++) memory.giveBack(new ArrayBuffer(8));
    const taken = Array.from({ length: 10 }, () => memory.take()).filter((each) => each !== undefined);
    assert.equal(taken.length, 4);
  });
});
