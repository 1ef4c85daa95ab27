import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  inspectProcess,
  isAlive,
  listProcesses,
  ownIdentity,
  parseIdentity,
} from '../../src/embedded/process.ts';

test('a process is alive until it ends, and another with its pid is not it', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const facts = inspectProcess(child.pid ?? 0);
  assert.ok(facts);
  assert.match(facts.commandLine, /sleep 60/);
  assert.ok(isAlive(facts));
  assert.ok(listProcesses().includes(facts.pid));
  assert.ok(!isAlive({ pid: facts.pid, startedAt: 'another time' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(!isAlive(facts));
  assert.ok(!listProcesses().includes(facts.pid));
});

test('an identity survives JSON, and other texts are none', () => {
  const identity = ownIdentity();
  assert.ok(isAlive(identity));
  assert.deepEqual(parseIdentity(JSON.stringify(identity)), identity);
  for (const text of ['', 'null', '7', '{}', '{"pid":"1","startedAt":"x"}', '{"pid":1}']) {
    assert.equal(parseIdentity(text), undefined, text);
  }
});
