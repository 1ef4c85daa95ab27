import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { projectDir } from '../src/lib/projectDir.ts';
import { createTestSystem, isFinished, type TestSystem } from './support/testSystem.ts';

const run = promisify(execFile);
const apiPort = '28081';

/** The real pm2 with a home of its own, in a folder that looks like the project. */
interface Pm2 {
  readonly folder: string;
  call(...args: string[]): Promise<string>;
  /** Process ids of the dispatchers that pm2 calls online. */
  dispatchers(): Promise<number[]>;
  end(): Promise<void>;
}

async function createPm2(settings: Readonly<Record<string, string>>): Promise<Pm2> {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-pm2-'));
  for (const name of ['src', 'package.json', 'ecosystem.config.js', 'node_modules', 'templates']) {
    await symlink(join(projectDir, name), join(folder, name));
  }
  // As npx sets it: pm2 asks `node` for its version.
  const path = `${join(projectDir, 'node_modules', '.bin')}:/usr/bin:/bin`;
  const env = { PATH: path, HOME: folder, PM2_HOME: join(folder, 'pm2'), ...settings };
  const call = async (...args: string[]): Promise<string> => {
    const pm2 = join(projectDir, 'node_modules/pm2/bin/pm2');
    const { stdout } = await run(process.execPath, [pm2, ...args], {
      cwd: folder,
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };
  return {
    folder,
    call,
    async dispatchers() {
      const text = await call('jlist');
      const list: { name: string; pid: number; pm2_env: { status: string } }[] = JSON.parse(
        text.slice(text.indexOf('[{')),
      );
      return list
        .filter(({ name, pm2_env: { status } }) => name === 'billcast' && status === 'online')
        .map(({ pid }) => pid);
    },
    async end() {
      await call('kill');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('pm2 with ecosystem.config.js', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_DELAY_MS: '300', MAX_IN_FLIGHT: '160' });
  });
  after(() => system.destroy());

  it('reloads and scales in the middle of a run, and no bill is lost or sent twice', async (t) => {
    const pm2 = await createPm2({ ...system.environment, API_PORT: apiPort, METRICS_PORT: '29464' });
    t.after(() => pm2.end());
    await pm2.call('start', 'ecosystem.config.js');
    const before = await pm2.dispatchers();
    assert.ok(before.length > 0);
    await system.publish(8_000);
    await system.until('a run', ({ delivered }) => delivered > 500);
    await whileSending(system, async () => {
      await pm2.call('reload', 'billcast');
      const reloaded = await pm2.dispatchers();
      assert.equal(reloaded.length, before.length);
      assert.ok(reloaded.every((pid) => !before.includes(pid)));
      await pm2.call('scale', 'billcast', String(before.length + 1));
      assert.equal((await pm2.dispatchers()).length, before.length + 1);
      assert.ok(!isFinished(await system.states()), 'the run ended too early to prove anything');
    });
    await system.until('all targets', async () => (await readTargets()).length === before.length + 1);
    for (const target of await readTargets()) {
      assert.match(await (await fetch(`http://${target}/metrics`)).text(), /^billcast_sends_total\{/m);
    }
    await system.until('the end', isFinished, 180_000);
    const { lost, duplicated } = await system.verdict();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    assert.match(await readFile(join(pm2.folder, 'logs/dispatcher.log'), 'utf8'), /dispatcher started/);
    assert.match(await readFile(join(pm2.folder, 'logs/api.log'), 'utf8'), /api listens/);
  });

  it('is not held up by a dispatcher that waits for its database, which says so at once', async (t) => {
    const pm2 = await createPm2({
      ...system.environment,
      DATABASE_URL: 'postgres://billcast@127.0.0.1:1/none',
      METRICS_PORT: '29564',
    });
    t.after(() => pm2.end());
    const startedMs = performance.now();
    await pm2.call('start', 'ecosystem.config.js', '--only', 'billcast');
    assert.ok(performance.now() - startedMs < 55_000, 'shorter than listen_timeout');
    assert.match(
      await readFile(join(pm2.folder, 'logs/dispatcher.log'), 'utf8'),
      /server unreachable, retrying/,
    );
  });
});

/** However long the work takes: more bills are released before the last ones are sent. */
async function whileSending(system: TestSystem, work: () => Promise<void>): Promise<void> {
  let isDone = false;
  const feed = async (): Promise<void> => {
    while (!isDone) {
      if ((await system.states()).pending < 6_000) await system.publish(4_000);
      await sleep(200);
    }
  };
  const feeding = feed();
  try {
    await work();
  } finally {
    isDone = true;
    await feeding;
  }
}

/** The addresses of the dispatchers' metrics, as the api lists them. */
async function readTargets(): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${apiPort}/metrics/targets`);
  const entries = z
    .array(z.object({ targets: z.array(z.string()), labels: z.object({ process: z.string() }) }))
    .parse(await answer.json());
  return entries.filter(({ labels }) => labels.process === 'dispatcher').flatMap(({ targets }) => targets);
}
