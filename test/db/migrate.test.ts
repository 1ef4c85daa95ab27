import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { ask, askValue } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { insertNotification, type NotificationSpec, newToken } from '../support/notifications.ts';
import { createTestDatabase } from '../support/testDatabase.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('migrate', () => {
  it('does nothing if everything has run', async () => {
    assert.deepEqual(await migrate(db.database), []);
    assert.ok((await askValue<number>(db.database, 'select count(*)::int from schema_migration')) >= 1);
  });

  it('by several processes that start together runs each file once', async () => {
    const fresh = await createTestDatabase();
    const others = [1, 2, 3].map(() =>
      createDatabase({ url: fresh.url, poolSize: 2, log: silentLog, patienceMs: 5_000 }),
    );
    try {
      await ask(fresh.database, 'drop schema public cascade; create schema public');
      const applied = await Promise.all(others.map((other) => migrate(other)));
      assert.deepEqual(applied.map(({ length }) => length).sort(), [0, 0, applied.flat().length]);
      assert.equal(new Set(applied.flat()).size, applied.flat().length);
      assert.deepEqual(await migrate(fresh.database), []);
    } finally {
      await Promise.all(others.map((other) => other.close()));
      await fresh.drop();
    }
  });

  it('that fails names the file and leaves nothing of it behind', async () => {
    const fresh = await createTestDatabase();
    try {
      await ask(fresh.database, 'drop schema public cascade; create schema public; create table walk ()');
      await assert.rejects(migrate(fresh.database), { code: 'MIGRATION_FAILED', message: /001_tables/ });
      const tables = await ask<[string]>(
        fresh.database,
        `select tablename from pg_tables where schemaname = 'public' order by 1`,
      );
      assert.deepEqual(tables.flat(), ['schema_migration', 'walk']);
      await ask(fresh.database, 'drop table walk');
      assert.ok((await migrate(fresh.database)).length >= 1);
    } finally {
      await fresh.drop();
    }
  });
});

describe('the tables refuse', () => {
  const refused = (spec: NotificationSpec, constraint: string) =>
    assert.rejects(insertNotification(db.database, spec), { constraint });

  for (const sendStatus of ['SENDING', 'SENT', 'IN_DOUBT'] as const) {
    it(`${sendStatus} without a claim token`, () =>
      refused({ sendStatus, token: null, handedOffMsAgo: 0 }, 'token_belongs_to_claim'));
  }

  for (const sendStatus of ['PENDING', 'FAILED', 'CANCELLED'] as const) {
    it(`${sendStatus} with a claim token`, () =>
      refused({ sendStatus, token: newToken() }, 'token_belongs_to_claim'));
  }

  it('IN_DOUBT without the time of its hand-off, and any other state with the time of a doubt', async () => {
    await refused({ sendStatus: 'DELIVERED', inDoubtMsAgo: 0 }, 'doubt_is_dated');
    await refused({ sendStatus: 'PENDING', inDoubtMsAgo: 0 }, 'doubt_is_dated');
  });

  it('a retransmission of what has not failed', async () => {
    for (const sendStatus of ['PENDING', 'SENT', 'DELIVERED', 'CANCELLED'] as const) {
      await refused({ sendStatus, retransmitInMs: 0 }, 'only_failed_is_retransmitted');
    }
  });

  it('FAILED that owes no dead letter', () =>
    refused({ sendStatus: 'FAILED', publishStatus: 'HELD' }, 'failed_owes_dead_letter'));

  it('cycle 0', () => refused({ cycle: 0 }, 'bill_notification_cycle_check'));

  const update = (set: string) =>
    ask(db.database, `update bill_notification set ${set} where bill_id = $1`, ['424242']);
  const illegal: readonly (readonly [string, string])[] = [
    [`send_status = 'SENT'`, 'hand_off_is_dated'],
    [`send_status = 'DONE'`, 'bill_notification_send_status_check'],
    [`publish_status = 'SENT'`, 'bill_notification_publish_status_check'],
  ];
  for (const [set, constraint] of illegal) {
    it(`${set} without what belongs to it`, async () => {
      await ask(db.database, 'delete from bill_notification where bill_id = 424242');
      await ask(
        db.database,
        `insert into bill_notification (bill_id, member_id, send_status, claim_token)
         values (424242, 7, 'SENDING', gen_random_uuid())`,
      );
      await assert.rejects(update(set), { constraint });
    });
  }

  it('a month that does not begin on its first day', () =>
    assert.rejects(
      ask(
        db.database,
        `insert into bill select 1, 1, '2026-11-02', 0, 0, 0, 0, 0, 0, 0, null, now(), '', '', ''`,
      ),
      { constraint: 'bill_billing_month_check' },
    ));

  it('an item of no category, or of a negative amount', async () => {
    const insert = (category: string, amount: number) =>
      ask(
        db.database,
        `insert into bill_item (id, bill_id, category, name, amount) values (1, 1, $1, '', $2)`,
        [category, amount],
      );
    await assert.rejects(insert('TIP', 1), { constraint: 'bill_item_category_check' });
    await assert.rejects(insert('DISCOUNT', -1), { constraint: 'bill_item_amount_check' });
  });
});

describe('a row that an external batch inserts', () => {
  it('is a held e-mail of the first cycle', async () => {
    await ask(db.database, 'insert into bill_notification (bill_id, member_id) values (77, 7)');
    const [row] = await ask(
      db.database,
      `select channel, send_status, publish_status, publish_seq, cycle, attempts, not_before = '-infinity'
       from bill_notification where bill_id = 77`,
    );
    assert.deepEqual(row, ['EMAIL', 'PENDING', 'HELD', 0, 1, 0, true]);
  });
});
