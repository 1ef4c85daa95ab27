import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../src/lib/projectDir.ts';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { bareEnvironment } from './bareEnvironment.ts';
import { fullestSecond } from './rateSimulation.ts';

/** What the gateway's ledger and clock say of a run under a rate. */
interface Reading {
  readonly fullestSecond: number;
  readonly fullestWholeSecond: number;
  readonly mean: number;
}

/** Leaves out the first seconds, when the slow start limits, and the last, when not all have bills. */
export function readingOf(
  times: readonly number[],
  run = { beginMs: times[0] ?? 0, endMs: times.at(-1) ?? 0 },
): Reading {
  const [beginMs, endMs] = [run.beginMs + 4_000, run.endMs - 2_000];
  const steady = times.filter((atMs) => atMs >= beginMs && atMs < endMs).length;
  const wholes = new Map<number, number>();
  for (const atMs of times) {
    const second = Math.floor(atMs / 1_000);
    wholes.set(second, (wholes.get(second) ?? 0) + 1);
  }
  return {
    fullestSecond: fullestSecond(times),
    fullestWholeSecond: Math.max(...wholes.values()),
    mean: Math.round(steady / ((endMs - beginMs) / 1_000)),
  };
}

export function readTimes(ledger: string): number[] {
  return readFileSync(ledger, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Date.parse(JSON.parse(line).at))
    .sort((a, b) => a - b);
}

export async function startGateway(ledger: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const args = [join(projectDir, 'src/cli/billcast.ts'), 'gateway'];
  const child = spawn(
    process.execPath,
    [...args, '--port', String(port), '--ledger', ledger, '--delay', '200'],
    { env: bareEnvironment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  assert.ok(child.stdout && child.pid !== undefined);
  // What stands still while dispatchers use all cores counts their sends in the wrong second.
  if (process.getuid?.() === 0) setPriority(child.pid, constants.priority.PRIORITY_HIGHEST);
  await once(child.stdout, 'data');
  return { child, url: `http://127.0.0.1:${port}/messages` };
}
