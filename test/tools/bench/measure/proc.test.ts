import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { readCpuUs, readResidentBytes, readThreads, readTree } from '../../../../tools/bench/measure/proc.ts';

const onLinux = { skip: process.platform !== 'linux' };

describe('proc', () => {
  it('finds the main loop by its id and sees it work', onLinux, () => {
    const mainUs = () => readThreads(process.pid).find(({ tid }) => tid === process.pid)?.cpuUs ?? 0;
    const before = mainUs();
    for (const until = performance.now() + 100; performance.now() < until; );
    assert.ok(mainUs() > before);
    assert.ok(readCpuUs(process.pid) >= mainUs());
  });

  it('knows resident memory and children; a process that is gone has none', onLinux, async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid ?? 0;
    assert.ok(readTree(process.pid).includes(pid));
    assert.ok(readResidentBytes(process.pid) > 10_000_000);
    child.kill();
    await once(child, 'exit');
    assert.equal(readResidentBytes(pid), 0);
    assert.deepEqual(readThreads(pid), []);
  });
});
