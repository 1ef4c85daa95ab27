import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { IHeaders, Message } from 'kafkajs';
import type { PoisonReason } from '../../../src/bill.ts';
import { createRandom, type Random } from '../../../src/sample/random.ts';
import { eventPoisonReasons } from '../../operations/explain/explained.ts';
import { createBadEvents, plainReading } from '../../support/badEvents.ts';
import {
  createTestSystem,
  type DispatcherProcess,
  isFinished,
  type TestSystem,
} from '../../support/testSystem.ts';
import { readTopic, type StoredRecord } from '../../support/testTopics.ts';

const goodBills = 1_000;
const badEvents = 15_000;
const patienceMs = 120_000;

describe('15,000 bad events among those of 1,000 bills', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0', SIMULATED_DELAY_MS: '50' });
  });
  after(() => system.destroy());

  it('cost no bill, and each has one dead letter with its bytes and the right reason', async (t) => {
    await system.publish(goodBills);
    const memberOf = await membersByBill(system);
    const seed = Date.now();
    t.diagnostic(`seed ${seed}`);
    const messages = mixedMessages(seed, memberOf);
    const [first, rest] = [messages.slice(0, messages.length / 2), messages.slice(messages.length / 2)];
    await produce(system, first);
    const dispatcher = await system.startDispatcher();
    await produce(system, rest);

    const expected = messages.flatMap((message) => expectedLetter(message, memberOf)).sort();
    await system.until('all bills are finished', isFinished, patienceMs);
    await system.until('the lag is 0', async () => (await system.lag()) === 0, patienceMs);
    await system.until('no dead letter is owed', async () => (await owedLetters(system)) === 0, patienceMs);

    const letters = await readTopic(system.kafka, system.config.kafka.topics.deadLetter);
    assert.deepEqual(differences(expected, letters.map(letterText).sort()), { missing: [], unexpected: [] });
    assert.equal(new Set(letters.map(positionText)).size, letters.length, 'no record has two dead letters');
    const reasons = new Set(letters.map(({ headers }) => headers['billcast-reason']));
    assert.deepEqual([...reasons].sort(), [...eventPoisonReasons].sort(), 'every reason was among them');
    await assertAllDelivered(system);
    await assertUnharmed(dispatcher);
  });
});

async function membersByBill({ database }: TestSystem): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await database.query<[string, string]>({
      name: 'members-by-bill',
      text: 'select bill_id::text, member_id::text from bill_notification',
    }),
  );
}

async function owedLetters({ database }: TestSystem): Promise<number> {
  const [row] = await database.query<[number]>({
    name: 'owed-letters',
    text: `select (select count(*) from poison_record where published_at is null)::int
                + (select count(*) from early_event)::int`,
  });
  return row?.[0] ?? 0;
}

/**
 * Bad events, good ones (some of them twice), others' bills, and a few as large as the broker takes, in any
 * order.
 */
function mixedMessages(seed: number, memberOf: ReadonlyMap<string, string>): Message[] {
  const random = createRandom(seed, 2n);
  const next = createBadEvents(seed);
  const good = [...memberOf]
    .filter((_, index) => index % 2 === 0)
    .map(([billId, memberId]) => eventOf(billId, memberId));
  const mismatched = [...memberOf.keys()].slice(0, 500).map((billId) => eventOf(billId, '987654321'));
  const bad = Array.from({ length: badEvents }, () => ({ ...wrappingOf(random), value: next() }));
  const large = Array.from({ length: 3 }, (_, byte) => ({ key: null, value: Buffer.alloc(1_000_000, byte) }));
  return random.draw(
    [...good, ...good.slice(0, 500), ...mismatched, ...bad, ...large],
    Number.POSITIVE_INFINITY,
  );
}

function eventOf(billId: string, memberId: string): Message {
  return {
    key: billId,
    value: Buffer.from(JSON.stringify({ memberId, billId })),
  };
}

/** Key, time and headers that no decent producer would write. */
function wrappingOf(random: Random): Omit<Message, 'value'> {
  return {
    key: random.pick([null, '', '17', 'not a key', Buffer.of(0xff, 0, 0xfe)]),
    timestamp: random.pick([String(Date.now()), '0', '1', '951782400123']),
    headers: random.pick<IHeaders>([{}, { 'billcast-reason': 'MINE' }, { '': Buffer.of(0xff) }]),
  };
}

/** Most to the topic of e-mails, some to the one of SMS. */
async function produce({ kafka, config }: TestSystem, messages: readonly Message[]): Promise<void> {
  const { EMAIL, SMS } = config.kafka.topics;
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const [index, chunk] of chunksOf(messages).entries()) {
    await producer.send({ topic: index % 5 === 4 ? SMS : EMAIL, messages: chunk });
  }
  await producer.disconnect();
}

/** Parts of a few hundred, with at most one large message each. */
function chunksOf(messages: readonly Message[]): Message[][] {
  const chunks: Message[][] = [];
  let [chunk, bytes] = [[] as Message[], 0];
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (chunk.length === 300 || bytes + size > 1_010_000) {
      chunks.push(chunk);
      [chunk, bytes] = [[], 0];
    }
    chunk.push(message);
    bytes += size + 50;
  }
  return [...chunks, chunk];
}

function expectedLetter(message: Message, memberOf: ReadonlyMap<string, string>): string[] {
  const value = message.value === null ? null : Buffer.from(message.value);
  const reason = expectedReason(value, memberOf);
  const key = message.key === null || message.key === undefined ? null : Buffer.from(message.key);
  return reason === undefined ? [] : [textOf(reason, key, value)];
}

function expectedReason(
  value: Buffer | null,
  memberOf: ReadonlyMap<string, string>,
): PoisonReason | undefined {
  const read = plainReading(value);
  if (typeof read === 'string') return read;
  const member = memberOf.get(read.billId);
  if (member === undefined) return 'BILL_UNKNOWN';
  return member === read.memberId ? undefined : 'EVENT_MEMBER_MISMATCH';
}

function letterText({ headers, key, value }: StoredRecord): string {
  return textOf(headers['billcast-reason'] ?? '', key, value);
}

function textOf(reason: string, key: Buffer | null, value: Buffer | null): string {
  return [reason, key?.toString('latin1') ?? null, value?.toString('latin1') ?? null]
    .map((part) => JSON.stringify(part))
    .join(' ');
}

function positionText({ headers }: StoredRecord): string {
  return `${headers['billcast-topic']} ${headers['billcast-partition']} ${headers['billcast-offset']}`;
}

/** The first few items that each list has more often than the other one, shortened for people. */
function differences(expected: readonly string[], found: readonly string[]) {
  const surplus = new Map<string, number>();
  for (const text of expected) surplus.set(text, (surplus.get(text) ?? 0) + 1);
  for (const text of found) surplus.set(text, (surplus.get(text) ?? 0) - 1);
  const some = (isWanted: (count: number) => boolean): string[] =>
    [...surplus]
      .filter(([, count]) => isWanted(count))
      .slice(0, 5)
      .map(([text, count]) => `${count} x ${text.slice(0, 200)}`);
  return { missing: some((count) => count > 0), unexpected: some((count) => count < 0) };
}

async function assertAllDelivered(system: TestSystem): Promise<void> {
  const { delivered, total } = await system.states();
  assert.deepEqual({ delivered, total }, { delivered: goodBills, total: goodBills });
  const { lost, duplicated, inDoubt } = await system.verdict();
  assert.deepEqual({ lost, duplicated, inDoubt }, { lost: 0, duplicated: 0, inDoubt: 0 });
}

/** The dispatcher stops cleanly, has quoted nothing that it could not read, and has logged no fault. */
async function assertUnharmed(dispatcher: DispatcherProcess): Promise<void> {
  assert.equal(await dispatcher.stop(), 0);
  assert.doesNotMatch(dispatcher.output(), /__proto__|hasOwnProperty|"level":[56]0|not a key/);
}
