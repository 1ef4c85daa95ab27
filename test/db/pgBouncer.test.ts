import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { ask } from '../support/ask.ts';
import { captureLog } from '../support/capturedLog.ts';
import { emptyTables } from '../support/notifications.ts';
import { type PgBouncer, skipPgBouncer, startPgBouncer } from '../support/pgBouncer.ts';
import { allDone, recordOf } from '../support/records.ts';
import { createTestPipeline } from '../support/testPipeline.ts';
import { createFakeProvider } from '../support/testProviders.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

for (const [what, settings] of [
  ['refuses start-up options', {}],
  ['drops start-up options', { ignore_startup_parameters: 'options' }],
] as const) {
  describe(`PgBouncer that ${what}, in transaction mode`, { skip: skipPgBouncer }, () => {
    let bouncer: PgBouncer;
    before(async () => {
      bouncer = await startPgBouncer(db.url, settings);
    });
    after(() => bouncer?.stop());

    const withDatabase = async <T>(
      work: (database: Database, lines: () => string[]) => Promise<T>,
    ): Promise<T> => {
      const { log, lines } = captureLog();
      const database = createDatabase({
        url: bouncer.url,
        poolSize: 8,
        log,
        patienceMs: 10_000,
        stoppedTries: 1,
      });
      try {
        return await work(database, () => lines.map(({ msg }) => msg));
      } finally {
        await database.close();
      }
    };

    it('is noticed and logged once', () =>
      withDatabase(async (database, lines) => {
        const one = { name: 'test-one', text: 'select 1' };
        await Promise.all(Array.from({ length: 20 }, () => database.query(one)));
        assert.equal(database.isPooled(), true);
        assert.deepEqual(lines(), ['a pooler stands before the server, going on without session state']);
      }));

    it('carries bills: claims, hand-offs and settlements mix on its few sessions', () =>
      withDatabase(async (database) => {
        const provider = createFakeProvider();
        const pipeline = await createTestPipeline(database, { provider });
        await ask(
          db.database,
          `insert into bill_notification (bill_id, member_id, publish_status)
           select id, 7, 'PUBLISHED' from generate_series(800001, 802000) id`,
        );
        const records = Array.from({ length: 2_000 }, (_, index) =>
          recordOf(String(800_001 + index) as BillId),
        );
        for (let first = 0; first < 2_000; first += 90) {
          pipeline.receive('EMAIL', records.slice(first, first + 90));
        }
        await allDone(records);
        await pipeline.stop();
        assert.deepEqual(
          await ask(db.database, 'select send_status, count(*)::int from bill_notification group by 1'),
          [['DELIVERED', 2_000]],
        );
      }));

    it('reads dates as they are, whatever the default of the database', async () => {
      const [[database] = []] = await ask(db.database, 'select current_database()');
      await ask(db.database, `alter database ${database} set datestyle = 'German'`);
      try {
        await withDatabase(async (pooled) => {
          const rows = await pooled.query({ name: 'test-date', text: `select date '2026-11-01'::text` });
          assert.deepEqual(rows, [['2026-11-01']]);
        });
      } finally {
        await ask(db.database, `alter database ${database} reset datestyle`);
      }
    });

    it('says that options of the URL cannot pass it, and what to do', async () => {
      const database = createDatabase({
        url: `${bouncer.url}?options=-c%20search_path%3Dbilling`,
        poolSize: 1,
        patienceMs: 1_000,
        log: captureLog().log,
      });
      await assert.rejects(database.query({ name: 'test-one', text: 'select 1' }), {
        code: 'DATABASE_FAILED',
        message: /cannot pass the pooler.*alter role/,
      });
      await database.close();
    });
  });
}
