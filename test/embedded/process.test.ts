import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
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

test('a killed process is alive until its last thread has ended, which releases its port', async () => {
  const child = spawn(process.execPath, ['-e', manyThreads], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port]: Buffer[] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  while (inspectProcess(child.pid ?? 0) !== undefined);
  const server = createServer();
  server.listen({ port: Number(port), host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  server.close();
});

/** Threads with much memory take a while to end. Prints the port that the process listens on. */
const manyThreads = `
  const { Worker } = require('node:worker_threads');
  const fill = 'const rows = []; for (let i = 0; i < 1e6; i++) rows.push({ i });' +
    "require('node:worker_threads').parentPort.postMessage(0); setInterval(() => rows, 9)";
  const start = () => new Promise((up) =>
    new Worker(fill, { eval: true }).once('message', up));
  const server = require('node:net').createServer().listen(0, '127.0.0.1');
  Promise.all([1, 2, 3, 4].map(start)).then(() => console.log(server.address().port));
`;

test('an identity survives JSON, and other texts are none', () => {
  const identity = ownIdentity();
  assert.ok(isAlive(identity));
  assert.deepEqual(parseIdentity(JSON.stringify(identity)), identity);
  for (const text of ['', 'null', '7', '{}', '{"pid":"1","startedAt":"x"}', '{"pid":1}']) {
    assert.equal(parseIdentity(text), undefined, text);
  }
});
