import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addSampleBills } from '../../../src/operations/addSampleBills.ts';
import { ask } from '../../support/ask.ts';
import { type Compression, type ConsoleRecord, consoleProduce } from '../../support/consoleProducer.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';
import { readTopic } from '../../support/testTopics.ts';

const compressions: readonly Compression[] = ['gzip', 'snappy', 'lz4', 'zstd'];
const billsEach = 60;

type Bill = readonly [billId: string, memberId: string];

function eventOf([billId, memberId]: Bill): ConsoleRecord {
  return {
    key: billId,
    value: `{"memberId": ${memberId}, "billId": ${billId}}`,
  };
}

/** One record of each kind that cannot be used, with the reason that its dead letter must name. */
function poisonFor(name: string, [billId]: Bill): readonly (readonly [string, ConsoleRecord])[] {
  return [
    ['EVENT_EMPTY', { key: `${name}-tombstone`, value: null }],
    ['EVENT_NOT_JSON', { key: `${name}-text`, value: 'not JSON' }],
    ['EVENT_BAD_ID', { key: `${name}-types`, value: '{"memberId": true, "billId": ["1"]}' }],
    ['BILL_UNKNOWN', { key: `${name}-unknown`, value: '{"memberId": 1, "billId": 999999999999}' }],
    [
      'EVENT_MEMBER_MISMATCH',
      { key: `${name}-member`, value: `{"memberId": 999999999, "billId": ${billId}}` },
    ],
    ['EVENT_TOO_LARGE', { key: `${name}-large`, value: JSON.stringify({ note: 'n'.repeat(1_000_000) }) }],
  ];
}

/** Good events with poison between them, each bill's once and the first one's five times. */
function recordsOf(bills: readonly Bill[], poison: readonly ConsoleRecord[]): ConsoleRecord[] {
  const [first] = bills;
  assert.ok(first);
  const repeated = Array.from({ length: 4 }, () => eventOf(first));
  return bills.flatMap((bill, index) => [
    eventOf(bill),
    ...poison.slice(index, index + 1),
    ...repeated.slice(index, index + 1),
  ]);
}

describe("events of Kafka's own Java producer, with poison between them", () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0' });
  });
  after(() => system.destroy());

  it('are read in every compression: good ones delivered once, bad ones dead letters with their reason', async () => {
    await addSampleBills(system, { members: billsEach * compressions.length, seed: 3 });
    await ask(system.database, 'update member set do_not_disturb_start = null');
    const bills = await ask<[string, string]>(
      system.database,
      'select bill_id::text, member_id::text from bill_notification order by bill_id',
    );
    const dispatcher = await system.startDispatcher();
    const expected: string[] = [];
    for (const [index, compression] of compressions.entries()) {
      const own = bills.slice(index * billsEach, (index + 1) * billsEach);
      const poison = poisonFor(compression, own[9] ?? ['', '']);
      expected.push(...poison.map(([reason, record]) => textOf(reason, record)));
      await consoleProduce(
        { topic: system.config.kafka.topics.EMAIL, compression },
        recordsOf(
          own,
          poison.map(([, record]) => record),
        ),
      );
    }
    await system.until('all bills are finished', isFinished);
    await system.until('the lag is 0', async () => (await system.lag()) === 0);
    assert.equal((await system.states()).delivered, bills.length);
    const { lost, duplicated } = await system.verdict();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    assert.equal(await dispatcher.stop(), 0);
    const letters = await readTopic(system.kafka, system.config.kafka.topics.deadLetter);
    assert.deepEqual(
      letters
        .map(({ key, value, headers }) =>
          textOf(headers['billcast-reason'] ?? '', { key: String(key), value: value && String(value) }),
        )
        .sort(),
      expected.sort(),
    );
    for (const { headers } of letters) {
      assert.equal(headers['billcast-topic'], system.config.kafka.topics.EMAIL);
    }
  });
});

/** A short form, for whoever has to read that two of them differ. */
function textOf(reason: string, { key, value }: ConsoleRecord): string {
  return `${reason} ${key} ${value === null ? 'no value' : hash('sha256', value)}`;
}
