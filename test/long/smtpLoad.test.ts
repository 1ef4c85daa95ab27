import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { eventually } from '../support/eventually.ts';
import { createTestSmtp, sendingTo } from '../support/smtpProviders.ts';

/**
 * Where Debian's package `postfix` has smtp-sink and smtp-source. If it is only unpacked, LD_LIBRARY_PATH
 * names its `usr/lib/postfix`.
 */
const folder = process.env.POSTFIX_SBIN;
const messages = Number(process.env.SMTP_LOAD_MESSAGES ?? '10000');
const connections = 20;
const text = '11월 청구서입니다. '.repeat(400);

const skip = folder === undefined && 'POSTFIX_SBIN';
let sink: ChildProcess;
let relay: string;

before(async () => {
  if (folder === undefined) return;
  const port = await freePort();
  relay = `127.0.0.1:${port}`;
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  sink = spawn(`${folder}/smtp-sink`, [...asUser, relay, '256'], { stdio: 'inherit' });
  await eventually(() => listens(port));
});
after(() => sink?.kill());

/**
 * The provider alone, without database and Kafka: what one process can hand to a relay. A whole run is
 * measured by `npm run bench -- wire postfix`.
 */
describe('the smtp provider beside smtp-source', { skip }, () => {
  it(`sends ${messages} messages, at a rate to compare on a calm machine (aim: 0.5)`, async () => {
    const bytes = sendingTo('kim@example.kr', text)[0].body?.length ?? 0;
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < 3; round++) {
      ours.push(await rateOf(() => sendOurs(relay)));
      theirs.push(await rateOf(() => sendTheirs(relay, bytes)));
      await setTimeout(200);
    }
    const [, share = 0] = ours.map((rate, round) => rate / (theirs[round] ?? rate)).sort((a, b) => a - b);
    const facts = `${bytes} bytes, ${connections} connections: ${ours} of ours, ${theirs} of smtp-source per second`;
    console.log(`${facts}, ${share.toFixed(2)}`);
  });
});

async function rateOf(send: () => Promise<void>): Promise<number> {
  const sinceMs = performance.now();
  await send();
  return Math.round((messages * 1_000) / (performance.now() - sinceMs));
}

async function sendOurs(relay: string): Promise<void> {
  const provider = createTestSmtp(`smtp://${relay}?tls=off`, {
    concurrency: connections,
    messagesPerConnection: messages,
    sendTimeoutMs: 10_000,
  });
  const [message, attempt] = sendingTo('kim@example.kr', text);
  const unhurried = { ...attempt, startDeadline: { ...attempt.startDeadline, passed: () => false } };
  let left = messages;
  const sendInTurn = async (): Promise<void> => {
    // Each message needs its own memory, which is freed when it was sent.
    const next = () => ({ ...message, body: Uint8Array.from(message.body) });
    while (left-- > 0) assert.equal((await provider.send(next(), unhurried)).kind, 'accepted');
  };
  await Promise.all(Array.from({ length: connections }, sendInTurn));
  await provider.stop();
}

/** `-d`: many messages on one connection, as ours. */
async function sendTheirs(relay: string, bytes: number): Promise<void> {
  const args = ['-d', '-s', `${connections}`, '-m', `${messages}`, '-l', `${bytes}`, relay];
  const [code] = await once(spawn(`${folder}/smtp-source`, args, { stdio: 'inherit' }), 'exit');
  assert.equal(code, 0);
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}
