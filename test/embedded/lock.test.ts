import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../../src/embedded/lock.ts';
import { ownIdentity } from '../../src/embedded/process.ts';
import { temporaryFolder } from './embeddedFixture.ts';

const dead = JSON.stringify({ pid: 2 ** 30, startedAt: 'long ago' });

test('only one holds the lock, within a process', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  let inside = 0;
  const hold = () =>
    withLock({ path }, async () => {
      inside += 1;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(inside, 1);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 10 }, hold));
});

test('only one holds the lock among processes that find a stale one, and nothing is left', async (t) => {
  const folder = await temporaryFolder(t);
  const [path, counter] = [join(folder, 'lock'), join(folder, 'counter')];
  await writeFile(path, dead);
  await writeFile(counter, '0');
  const script = fileURLToPath(new URL('./counter.ts', import.meta.url));
  const count = () => promisify(execFile)(process.execPath, ['--no-warnings', script, path, counter, '25']);
  await Promise.all([count(), count(), count(), count()]);
  assert.equal(await readFile(counter, 'utf8'), '100');
  assert.deepEqual(await readdir(folder), ['counter']);
});

test('a lock whose owner died is taken over, and so is the guard of one who died breaking it', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await writeFile(path, dead);
  await writeFile(`${path}.${2 ** 30}-longago`, dead);
  assert.equal(await withLock({ path }, async () => 'mine'), 'mine');
});

test('a lock of an earlier process with the pid of a live one is stale', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: 'before the reboot' }));
  assert.equal(await withLock({ path }, async () => 'mine'), 'mine');
});

test('a file that is not a lock does not hold anyone up', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await writeFile(path, '');
  assert.equal(await withLock({ path }, async () => 'mine'), 'mine');
});

test('a live owner is waited for until the deadline, and named', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await writeFile(path, JSON.stringify(ownIdentity()));
  const owners: number[] = [];
  const attempt = withLock(
    { path, deadlineMs: 60, onWait: ({ pid }) => owners.push(pid) },
    async () => 'mine',
  );
  await assert.rejects(attempt, { code: 'EMBEDDED_FAILED', message: new RegExp(`${process.pid}`) });
  assert.deepEqual(owners, [process.pid]);
});

test('the lock is given back when the work fails', async (t) => {
  const path = join(await temporaryFolder(t), 'lock');
  await assert.rejects(
    withLock({ path }, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await withLock({ path }, async () => 'mine'), 'mine');
});
