import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { keepPoison, type PoisonRecord } from '../../src/db/transitions/poisonRecords.ts';
import { createPublisher } from '../../src/kafka/publisher.ts';
import { createRounds } from '../../src/relay/round.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog } from '../support/capturedLog.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { setLargestBatch, useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics, kafka, read } = useTestTopics();
beforeEach(() => emptyTables(db.database));

function poison(offset: number, facts: Partial<PoisonRecord>): PoisonRecord {
  return {
    topic: topics.EMAIL,
    partition: 0,
    offset: String(offset),
    timestampMs: 1_795_456_193_970,
    reason: 'EVENT_TOO_LARGE',
    key: Buffer.from(`key-${offset}`),
    value: Buffer.from('{'),
    ...facts,
  };
}
function owed() {
  return askValue<number>(
    db.database,
    `select (select count(*) from bill_notification where publish_status = 'PENDING')::int
          + (select count(*) from poison_record where published_at is null)::int`,
  );
}

/** Rounds until nothing is owed; each round has its limits. */
async function publishAll() {
  const captured = captureLog();
  const publisher = createPublisher(kafka);
  const rounds = createRounds({
    database: db.database,
    publisher,
    topics,
    channels: standardLadder.order,
    log: captured.log,
  });
  try {
    for (let round = 0; (await owed()) > 0 && round < 20; round++) await rounds.run();
  } finally {
    await publisher.stop();
  }
  return captured;
}
async function lettersByKey() {
  return new Map((await read(topics.deadLetter)).map((letter) => [String(letter.key), letter]));
}

describe('a dead letter topic that takes 1,000 bytes', () => {
  it('takes what is larger without its bytes, which stay where they are; the others pass whole', async () => {
    await setLargestBatch(kafka, topics.deadLetter, 1_000);
    const large = randomBytes(1_000_000);
    const hugeKey = randomBytes(5_000);
    await keepPoison(db.database, [poison(1, { value: large })]);
    await keepPoison(db.database, [poison(2, {}), poison(3, { key: hugeKey }), poison(4, { value: null })]);
    const failed = billIdOf(77);
    await insertNotification(db.database, {
      billId: failed,
      publishStatus: 'PENDING',
      sendStatus: 'FAILED',
      reason: 'SMS_REFUSED',
    });
    const captured = await publishAll();
    assert.equal(await owed(), 0);
    const letters = await lettersByKey();
    const long = letters.get('key-1');
    assert.deepEqual([long?.value, long?.headers['billcast-truncated']], [null, '1000000']);
    assert.equal(long?.headers['billcast-reason'], 'EVENT_TOO_LARGE');
    assert.equal(letters.get('null')?.headers['billcast-truncated'], '5001');
    assert.deepEqual([letters.get('key-2')?.value, letters.get('key-4')?.value], [Buffer.from('{'), null]);
    assert.equal(letters.get('key-4')?.headers['billcast-truncated'], undefined);
    assert.ok(letters.has(failed));
    const kept = await askValue<Buffer | null>(
      db.database,
      `select value from poison_record where "offset" = 1`,
    );
    assert.ok(kept?.equals(large), 'the bytes are here');
    assert.deepEqual(await ask(db.database, `select key from poison_record where "offset" = 3`), [[hugeKey]]);
    assert.equal(captured.warnings().length, 2, 'each is said once');
  });

  it('that takes next to nothing delays no event, and the relay logs what to do', async () => {
    await setLargestBatch(kafka, topics.deadLetter, 100);
    await keepPoison(db.database, [poison(1, {})]);
    await insertNotification(db.database, { billId: billIdOf(78), publishStatus: 'PENDING' });
    await insertNotification(db.database, {
      billId: billIdOf(79),
      publishStatus: 'PENDING',
      sendStatus: 'FAILED',
      reason: 'SMS_REFUSED',
    });
    const { lines } = await publishAll();
    const refusals = lines.filter(({ msg }) => msg.startsWith('topic refuses records'));
    assert.ok(refusals.length > 0 && refusals.length <= 2, 'not again each round');
    assert.match(String(refusals[0]?.todo), /max\.message\.bytes/);
    assert.equal(refusals[0]?.topic, topics.deadLetter);
    assert.equal(await owed(), 2, 'the letters of the record and of the failed bill');
    const events = await read(topics.EMAIL);
    assert.deepEqual(new Set(events.map(({ key }) => String(key))), new Set(['78']));
  });
});

describe('a dead letter topic that takes 2 MiB', () => {
  it('has a record of 1 MB byte for byte, among small ones', async () => {
    await setLargestBatch(kafka, topics.deadLetter, 2 * 1024 * 1024);
    const large = randomBytes(1_048_000);
    await keepPoison(db.database, [poison(11, {}), poison(12, { value: large }), poison(13, {})]);
    await publishAll();
    const letters = await lettersByKey();
    assert.ok(letters.get('key-12')?.value?.equals(large));
    assert.ok(letters.has('key-11') && letters.has('key-13'));
  });
});
