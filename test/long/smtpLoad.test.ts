import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { askValue } from '../support/ask.ts';
import { eventually } from '../support/eventually.ts';
import { createTestSmtp, sendingTo } from '../support/smtpProviders.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

/**
 * Where Debian's package `postfix` has smtp-sink and smtp-source. If it is only unpacked, LD_LIBRARY_PATH
 * names its `usr/lib/postfix`.
 */
const folder = process.env.POSTFIX_SBIN;
const messages = Number(process.env.SMTP_LOAD_MESSAGES ?? '10000');
const bills = Number(process.env.SMTP_LOAD_BILLS ?? '20000');
const connections = 20;
/** Of the mail of a sample bill, about. */
const billBytes = 17_300;
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

/** With database and Kafka: bills are claimed, loaded, rendered, handed off, sent and settled. */
describe('a whole run beside smtp-source', { skip }, () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      PROVIDER_EMAIL: 'smtp',
      SMTP_URL: `smtp://${relay}?tls=off`,
      SMTP_FROM: 'bill@billcast.test',
      START_DEADLINE_MS: '5000',
      SEND_TIMEOUT_MS: '10000',
      LOOKUP_HORIZON_MS: '20000',
      CLAIM_TTL_MS: '10000',
    });
  });
  after(() => system?.destroy());

  it(`sends ${bills} bills, at a rate to compare on a calm machine`, async () => {
    await system.publish(bills);
    const dispatcher = await system.startDispatcher();
    await system.until('all are sent', ({ delivered }) => delivered >= bills * 0.98, 300_000);
    await dispatcher.stop();
    const ours = await rateOfRun(system);
    const theirs = await rateOf(() => sendTheirs(relay, billBytes));
    const facts = `${ours} bills of a whole run, ${theirs} mails of smtp-source per second`;
    console.log(`${billBytes} bytes: ${facts}, ${(ours / theirs).toFixed(2)}`);
  });
});

/** Between the first and the last tenth: the start and the slow end of a run say nothing about its rate. */
async function rateOfRun({ database }: TestSystem): Promise<number> {
  return askValue<number>(
    database,
    `select round(0.8 * count(*) / extract(epoch from
       percentile_disc(0.9) within group (order by finished_at)
         - percentile_disc(0.1) within group (order by finished_at)))::int
     from delivery_attempt where outcome = 'ACCEPTED'`,
  );
}

/** The provider alone, without database and Kafka: what one process can hand to a relay. */
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
    while (left-- > 0) assert.equal((await provider.send(message, unhurried)).kind, 'accepted');
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
