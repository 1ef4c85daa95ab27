import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { newestPoison, readPoisonPage } from '../../../src/db/reads/poisonPage.ts';
import { ask } from '../../support/ask.ts';
import { plansOf, recordStatements, scannedTables } from '../../support/countedStatements.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('a page of records that could not be used', () => {
  before(() =>
    ask(
      db.database,
      `insert into poison_record (topic, partition, "offset", recorded_at, reason, value, received_at, published_at)
       select 'bill.email', n % 8, n, now(), 'EVENT_NOT_JSON', decode(repeat('00', 200), 'hex'),
         timestamptz '2026-11-01Z' + n * interval '1 second', now()
       from generate_series(1, 20000) n;
       analyze poison_record`,
    ),
  );

  it('is read by the index, however many there are', async () => {
    const { database, asked } = recordStatements(db.database);
    const [newest, second] = await readPoisonPage(database, { before: newestPoison, limit: 2 });
    assert.deepEqual([newest?.offset, second?.offset], ['20000', '19999']);
    assert.equal(asked.size, 1);
    for (const statement of asked.values()) {
      for (const plan of await plansOf(db.database, statement)) assert.deepEqual(scannedTables(plan), []);
    }
  });
});
