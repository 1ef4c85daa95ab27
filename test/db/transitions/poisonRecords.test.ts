import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  keepPoison,
  markPoisonPublished,
  type OwedPoison,
  type PoisonRecord,
  selectPoison,
} from '../../../src/db/transitions/poisonRecords.ts';
import { ask, askValue } from '../../support/ask.ts';
import { emptyTables } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function poison(facts: Partial<PoisonRecord> = {}): PoisonRecord {
  return {
    topic: 'bill.email',
    partition: 3,
    offset: '41',
    timestampMs: 1_795_456_193_970,
    reason: 'EVENT_NOT_JSON',
    key: Buffer.from('key'),
    value: Buffer.from('{"half'),
    batch: null,
    missingBytes: null,
    ...facts,
  };
}
const room = { limit: 100, bytes: 1_000_000 };
function owed(limits = room) {
  return selectPoison(db.database, limits);
}
/** A kept record without the times that only the database knows. */
function withoutTimes({ receivedAt: _receivedAt, recordedAt: _recordedAt, ...record }: OwedPoison) {
  return record;
}
function withoutTime({ timestampMs: _timestampMs, ...record }: PoisonRecord) {
  return record;
}
/** Marks the dead letter that is owed for this record. */
async function mark(record: PoisonRecord, options = {}) {
  const [at] = await askValue<[string]>(
    db.database,
    `select array[to_timestamp(${record.timestampMs} / 1000.0)::text]`,
  );
  const rows = (await owed()).filter(
    ({ topic, partition, offset, recordedAt }) =>
      topic === record.topic &&
      partition === record.partition &&
      offset === record.offset &&
      recordedAt === at,
  );
  assert.equal(rows.length, 1);
  await markPoisonPublished(db.database, rows, options);
}
function kept() {
  return askValue<number>(db.database, 'select count(*)::int from poison_record');
}

describe('a poisonous record', () => {
  it('is kept with the batch that it stands for, and with how many bytes are missing', async () => {
    const batch =
      '{"bytes": 2067, "records": 3, "lastOffset": "41", "compression": "zstd", "firstOffset": "39"}';
    const record = poison({ reason: 'BATCH_TOO_LARGE', batch, value: null, missingBytes: 2_067 });
    await keepPoison(db.database, [record, poison({ offset: '42' })]);
    assert.deepEqual((await owed()).map(withoutTimes), [record, poison({ offset: '42' })].map(withoutTime));
  });

  it('is kept byte for byte: every byte, no bytes, none at all', async () => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const records = [
      poison({ offset: '1', key: everyByte, value: everyByte }),
      poison({ offset: '2', key: Buffer.alloc(0), value: Buffer.alloc(0) }),
      poison({ offset: '3', key: null, value: null }),
    ];
    await keepPoison(db.database, records);
    assert.deepEqual((await owed()).map(withoutTimes), records.map(withoutTime));
  });

  it('is kept with its origin: 64-bit offsets, odd topics, no time', async () => {
    const records = [
      poison({ offset: '9223372036854775806', timestampMs: -1, reason: 'EVENT_MEMBER_MISMATCH' }),
      poison({ topic: '{"a",b}', partition: 2_147_483_647, timestampMs: 0 }),
    ];
    await keepPoison(db.database, records);
    const placesOf = (list: readonly { topic: string; partition: number; offset: string }[]) =>
      new Set(list.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
    assert.deepEqual(placesOf(await owed()), placesOf(records));
    assert.deepEqual(
      new Set((await owed()).map(({ recordedAt }) => Date.parse(recordedAt))),
      new Set([-1, 0]),
    );
  });

  it('is kept once, however often it comes, also twice in one batch', async () => {
    await keepPoison(db.database, [poison(), poison()]);
    await keepPoison(db.database, [poison()]);
    assert.equal(await kept(), 1);
  });

  it('is not confused with the one at the same offset of a recreated topic', async () => {
    await keepPoison(db.database, [poison(), poison({ timestampMs: 1_795_456_193_971 })]);
    assert.equal(await kept(), 2);
  });

  for (const timestampMs of [
    ...[1_795_456_193_970_000_000, -9_000_000_000_000_000, Number.MAX_SAFE_INTEGER],
    ...[-(2 ** 63), 2 ** 63 - 1, -210_866_803_200_001, 253_402_300_800_000],
  ]) {
    it(`is kept once whatever time its producer wrote: ${timestampMs}`, async () => {
      await keepPoison(db.database, [poison({ timestampMs })]);
      await keepPoison(db.database, [poison({ timestampMs })]);
      assert.equal(await kept(), 1);
      await markPoisonPublished(db.database, await owed());
      assert.deepEqual(await owed(), []);
    });
  }
});

describe('owed dead letters', () => {
  it('come in the order they were received, at most the limit', async () => {
    for (const offset of ['5', '4', '6']) await keepPoison(db.database, [poison({ offset })]);
    assert.deepEqual(
      (await owed()).map(({ offset }) => offset),
      ['5', '4', '6'],
    );
    assert.equal((await owed({ ...room, limit: 2 })).length, 2);
  });

  it('can be read behind a key, and with what was received just now even before it', async () => {
    await keepPoison(
      db.database,
      ['1', '2', '3'].map((offset) => poison({ offset })),
    );
    const offsetsBehind = async (after: OwedPoison | undefined, lateMs = 0) =>
      (await selectPoison(db.database, { ...room, ...(after && { after }), lateMs })).map(
        ({ offset }) => offset,
      );
    const [first, , third] = await owed();
    assert.deepEqual(await offsetsBehind(first), ['2', '3']);
    assert.deepEqual(await offsetsBehind(third), []);
    assert.deepEqual(await offsetsBehind(third, 60_000), ['1', '2', '3']);
  });

  it('are limited by bytes, with at least one record', async () => {
    await keepPoison(
      db.database,
      ['1', '2', '3'].map((offset) => poison({ offset, value: Buffer.alloc(1_000) })),
    );
    assert.equal((await owed({ limit: 100, bytes: 1 })).length, 1);
    assert.ok((await owed({ limit: 100, bytes: 1_500 })).length <= 2);
    assert.equal((await owed({ limit: 100, bytes: 9_999 })).length, 3);
  });

  it('are not a small one and a large one together, which Kafka takes only apart', async () => {
    const values = [900_000, 1_500_000].map((size) => Buffer.alloc(size));
    await keepPoison(
      db.database,
      values.map((value, index) => poison({ offset: String(index), value })),
    );
    assert.equal((await owed()).length, 1);
  });
});

describe('an acknowledged dead letter', () => {
  it('is owed no more; the fact and a key that may be an id stay, the value goes', async () => {
    const others = [{ topic: 'bill.sms' }, { partition: 4 }, { offset: '42' }, { timestampMs: 5 }].map(
      poison,
    );
    await keepPoison(db.database, [poison(), ...others]);
    await mark(poison());
    assert.equal((await owed()).length, others.length);
    const rows = await ask(
      db.database,
      `select "offset", reason, key, value, published_at is not null from poison_record
       where published_at is not null`,
    );
    assert.deepEqual(rows, [['41', 'EVENT_NOT_JSON', Buffer.from('key'), null, true]]);
  });

  it('that went out without its bytes keeps them here', async () => {
    const record = poison({ key: Buffer.alloc(50, 1), value: Buffer.alloc(5_000, 2) });
    await keepPoison(db.database, [record]);
    await mark(record, { keepBytes: true });
    assert.deepEqual(await owed(), []);
    assert.deepEqual(await ask(db.database, 'select key, value from poison_record'), [
      [record.key, record.value],
    ]);
  });

  it('is found again by the time that was read, to the millisecond, in any century', async () => {
    const centuries = [-62_000_000_000_000, -9_000_000_000_000, -1, 0, 1_795_456_193_000, 9_999_999_999_999];
    const times = centuries.flatMap((first) => Array.from({ length: 50 }, (_, index) => first + index * 37));
    await keepPoison(
      db.database,
      times.map((timestampMs, index) => poison({ offset: String(index), timestampMs })),
    );
    await markPoisonPublished(db.database, await owed({ ...room, limit: 1_000 }));
    assert.deepEqual(await owed(), []);
  });

  it('comes again after a reset of the offsets without being owed again', async () => {
    await keepPoison(db.database, [poison()]);
    await mark(poison());
    await keepPoison(db.database, [poison()]);
    assert.deepEqual(await owed(), []);
  });
});
