import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claim, ClaimToken } from '../../../src/bill.ts';
import type { Database } from '../../../src/db/database.ts';
import { handOffBills } from '../../../src/db/transitions/handOffBills.ts';
import { insertClaimed, only } from '../../support/arrange.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../../support/ask.ts';
import { recordStatements } from '../../support/countedStatements.ts';
import {
  billIdOf,
  insertNotification,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

/** The bills that were won. */
async function handOff(database: Database, token: ClaimToken, claims: readonly Claim[]) {
  return (await handOffBills(database, token, { claims, provider: 'ses' })).won;
}

describe('hand-off', () => {
  it('of SENDING by its token: SENT, dated, one attempt more, under the same token', async () => {
    const claim = await insertNotification(db.database, {
      sendStatus: 'SENDING',
      attempts: 2,
      changedMsAgo: 60_000,
    });
    assert.deepEqual(await handOff(db.database, claim.token, [claim]), new Set([claim.billId]));
    const row = await readNotification(db.database, claim.billId);
    assert.deepEqual([row.sendStatus, row.token, row.attempts], ['SENT', claim.token, 3]);
    assert.equal(await askValue(db.database, 'select provider from bill_notification'), 'ses');
    assert.ok(row.handedOffMsAgo !== null && row.handedOffMsAgo < 5_000);
    assert.ok(row.changedMsAgo < 5_000);
  });

  for (const sendStatus of ['SENDING', 'SENT'] as const) {
    it(`of ${sendStatus} by another's token is lost: a stale task must not send`, async () => {
      const claim = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, claim.billId);
      assert.equal((await handOff(db.database, newToken(), [claim])).size, 0);
      assert.deepEqual(await standingOf(db.database, claim.billId), before);
    });
  }

  for (const sendStatus of ['PENDING', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const) {
    it(`of ${sendStatus} is lost, even by its token`, async () => {
      const claim = await insertNotification(db.database, { sendStatus });
      const before = await standingOf(db.database, claim.billId);
      assert.equal((await handOff(db.database, claim.token, [claim])).size, 0);
      assert.deepEqual(await standingOf(db.database, claim.billId), before);
    });
  }

  it("does not let a stale e-mail task send under its successor's SMS claim", async () => {
    const sms = await insertNotification(db.database, { sendStatus: 'SENDING', channel: 'SMS' });
    assert.equal((await handOff(db.database, newToken(), [{ ...sms, channel: 'EMAIL' }])).size, 0);
    assert.equal((await standingOf(db.database, sms.billId)).sendStatus, 'SENDING');
  });

  it('asked again after a lost answer is won again, counted and dated once', async () => {
    const claim = only(await insertClaimed(db.database, 1));
    await handOff(db.database, claim.token, [claim]);
    await ask(
      db.database,
      `update bill_notification set handed_off_at = now() - interval '1 minute' where bill_id = $1`,
      [claim.billId],
    );
    assert.deepEqual(await handOff(db.database, claim.token, [claim]), new Set([claim.billId]));
    const row = await readNotification(db.database, claim.billId);
    assert.equal(row.attempts, 1);
    assert.ok(row.handedOffMsAgo !== null && row.handedOffMsAgo > 55_000);
  });

  it('of a batch says which bills are still ours', async () => {
    const [first, second, third] = await insertClaimed(db.database, 3);
    assert.ok(first && second && third);
    await ask(
      db.database,
      `update bill_notification set send_status = 'PENDING', claim_token = null where bill_id = $1`,
      [second.billId],
    );
    const won = await handOff(db.database, first.token, [first, second, third]);
    assert.deepEqual(won, new Set([first.billId, third.billId]));
  });

  it('takes ids beyond 2^53 without rounding them', async () => {
    const billId = billIdOf('9007199254740993');
    const neighbour = await insertNotification(db.database, {
      billId: billIdOf('9007199254740992'),
      sendStatus: 'SENDING',
    });
    const claim = await insertNotification(db.database, {
      billId,
      sendStatus: 'SENDING',
      token: neighbour.token,
    });
    assert.deepEqual(await handOff(db.database, claim.token, [claim]), new Set([billId]));
    assert.equal((await standingOf(db.database, neighbour.billId)).sendStatus, 'SENDING');
  });

  it('that waits while the sweeper takes the bill back is lost', async () => {
    const claim = only(await insertClaimed(db.database, 1));
    const waiting = await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'PENDING', claim_token = null where bill_id = $1`,
        [claim.billId],
      );
      const handingOff = handOff(db.database, claim.token, [claim]);
      await untilWaiting(db.database);
      return { handingOff };
    });
    assert.equal((await waiting.handingOff).size, 0);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'PENDING');
  });

  for (const [given, kept] of [
    ['off', 'on'],
    ['local', 'on'],
    ['remote_write', 'on'],
    ['remote_apply', 'remote_apply'],
  ] as const) {
    it(`commits with synchronous_commit = ${kept} if its session has ${given}`, async () => {
      const claim = only(await insertClaimed(db.database, 1));
      const { database, asked } = recordStatements(db.database);
      await handOffBills(database, newToken(), { claims: [claim], provider: 'test' });
      const { text } = asked.get('hand-off')?.statement ?? { text: '' };
      const after = await db.database.withConnection(async (connection) => {
        await connection.run(`set synchronous_commit = ${given}`);
        await connection.run('begin');
        const rows = await connection.run(text, [`{${claim.billId}}`, claim.token, 'test']);
        assert.deepEqual(rows, [[true, claim.billId]]);
        const [[setting] = []] = await connection.run(`select current_setting('synchronous_commit')`);
        await connection.run('rollback');
        await connection.run('reset synchronous_commit');
        return setting;
      });
      assert.equal(after, kept);
    });
  }

  it('is confirmed although a trigger warns, with the code of a cancelled wait for a standby', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENDING' });
    await db.database.execute(`
      create function warns() returns trigger language plpgsql
        as 'begin raise warning ''of a trigger''; return new; end';
      create trigger warns before update on bill_notification for each row execute function warns()`);
    try {
      const { isConfirmed } = await handOffBills(db.database, claim.token, {
        claims: [claim],
        provider: 'ses',
      });
      assert.equal(isConfirmed, true);
    } finally {
      await db.database.execute('drop function warns() cascade');
    }
  });

  it('commits durably whatever the default of the database says', async () => {
    const name = await askValue<string>(db.database, 'select current_database()');
    await ask(db.database, `alter database ${name} set synchronous_commit = off`);
    const statement = { name: 'test-durability', text: `select current_setting('synchronous_commit')` };
    const seen = await Promise.all(Array.from({ length: 8 }, () => db.database.query<[string]>(statement)));
    assert.deepEqual(new Set(seen.flat(2)), new Set(['on']));
  });
});
