import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const perSecond = 200;
const script = new URL('../support/rateProcess.ts', import.meta.url).pathname;
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A provider that counts what it receives, by seconds of its clock. */
async function openStandIn() {
  const received = new Map<number, number>();
  const server = createServer((request, response) => {
    const second = Math.floor(Date.now() / 1_000);
    received.set(second, (received.get(second) ?? 0) + 1);
    request.resume();
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, port: (server.address() as AddressInfo).port };
}

function start(port: number): ChildProcess {
  const args = [script, db.url, String(port), String(perSecond)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  return child;
}

/** The longest time for which its event loop stood still. */
async function longestStopMs({ stdin, stdout }: ChildProcess): Promise<number> {
  assert.ok(stdin && stdout);
  stdin.write('\n');
  const [text] = await once(stdout, 'data');
  return Number(String(text));
}

describe('the rate of four processes', () => {
  it('is kept in each second of the provider, though one is killed and another begins', async () => {
    const { received, port } = await openStandIn();
    const ours = monitorEventLoopDelay({ resolution: 5 });
    ours.enable();
    const [killed, ...others] = [start(port), start(port), start(port)];
    assert.ok(killed);
    await eventually(() => received.size > 0);
    await pause(2_000);
    killed.kill('SIGKILL');
    others.push(start(port));
    await pause(3_500);
    const stops = await Promise.all(others.map(longestStopMs));
    // What a process could not do while it stood still, it did in the next second, and so did the stand-in.
    const stoodStillMs = ours.max / 1e6 + Math.max(...stops);
    const most = perSecond * (1.02 + stoodStillMs / 1_000);
    const counts = [...received.values()];
    assert.ok(counts.length >= 4, String(counts));
    assert.ok(
      counts.every((count) => count <= most),
      `${counts}, and at most ${most}`,
    );
    assert.ok(
      counts.some((count) => count >= perSecond * 0.5),
      String(counts),
    );
  });
});
