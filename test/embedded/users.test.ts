import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveUsers, registerUser } from '../../src/embedded/users.ts';
import { temporaryFolder } from './embeddedFixture.ts';

test('a process counts once, however often it registered, until its last entry is gone', async (t) => {
  const folder = join(await temporaryFolder(t), 'users');
  assert.deepEqual(await liveUsers(folder), []);
  const [first, second] = [await registerUser(folder), await registerUser(folder)];
  assert.deepEqual(await liveUsers(folder), [process.pid]);
  await rm(first);
  assert.deepEqual(await liveUsers(folder), [process.pid]);
  await rm(second);
  assert.deepEqual(await liveUsers(folder), []);
});

test('entries of dead processes, and of earlier ones with a live pid, are removed', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'dead'), JSON.stringify({ pid: 2 ** 30, startedAt: 'long ago' }));
  await writeFile(join(folder, 'reused'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
  await writeFile(join(folder, 'half'), '{"pid":');
  assert.deepEqual(await liveUsers(folder), []);
  assert.deepEqual(await readdir(folder), ['half']);
});
