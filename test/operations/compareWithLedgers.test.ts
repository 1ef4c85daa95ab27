import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { testKeyOf } from '../../src/bill.ts';
import { compareWithLedgers } from '../../src/operations/compareWithLedgers.ts';
import { ask } from '../support/ask.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();
beforeEach(() => emptyTables(db.database));

const nothing = { unaccepted: 0, duplicated: 0, testMessages: 0 };
let files = 0;

function ledgerOf(keys: readonly string[]): string {
  const file = join(folder, `ledger-${++files}.jsonl`);
  const lines = keys.map((key) => `{"key":"${key}","billId":1}\n`);
  writeFileSync(file, lines.join(''));
  return file;
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('billcast-verify-'));
}

describe('a comparison with ledgers', () => {
  it('gives the same whatever the size of its ranges, and leaves nothing behind', async () => {
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, send_status, claim_token, handed_off_at)
       select id * 3, 7, 'DELIVERED', gen_random_uuid(), now() from generate_series(1, 40) id`,
    );
    const before = leftovers();
    const bills = fc.integer({ min: 1, max: 130 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(bills, { maxLength: 80 }),
        fc.integer({ min: 1, max: 50 }),
        async (ids, size) => {
          const ledger = ledgerOf(ids.map((id) => `${id}:EMAIL:1`));
          const delivered = Array.from({ length: 40 }, (_, index) => (index + 1) * 3);
          const expected = {
            unaccepted: delivered.filter((id) => !ids.includes(id)).length,
            duplicated: new Set(ids.filter((id, index) => ids.indexOf(id) !== index)).size,
            testMessages: 0,
          };
          const request = { ledgerFiles: [ledger], billsPerRange: size };
          assert.deepEqual(await compareWithLedgers(db.database, request), expected);
        },
      ),
      { numRuns: 40 },
    );
    assert.deepEqual(leftovers(), before);
  });

  it('puts several ledgers together: one per channel, and a bounce between them', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED', channel: 'SMS' });
    const ledgerFiles = [ledgerOf([`${billId}:SMS:1`]), ledgerOf([`${billId}:EMAIL:1`])];
    assert.deepEqual(await compareWithLedgers(db.database, { ledgerFiles }), {
      unaccepted: 0,
      duplicated: 1,
      testMessages: 0,
    });
    const bounced = `insert into delivery_attempt
      (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
      values ($1, gen_random_uuid(), 'BOUNCED', 1, 'EMAIL', true, 'test', now(), now())`;
    await ask(db.database, bounced, [billId]);
    assert.deepEqual(await compareWithLedgers(db.database, { ledgerFiles }), {
      unaccepted: 0,
      duplicated: 0,
      testMessages: 0,
    });
  });

  it('does not ask a ledger for what was delivered after it was read', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await ask(db.database, `update bill_notification set changed_at = now() + interval '1 minute'`);
    const request = { ledgerFiles: [ledgerOf([])] };
    assert.deepEqual(await compareWithLedgers(db.database, request), { ...nothing, unaccepted: 0 });
    await ask(db.database, 'update bill_notification set changed_at = now()');
    assert.deepEqual(await compareWithLedgers(db.database, request), { ...nothing, unaccepted: 1 });
    assert.ok(billId);
  });

  it('takes ids beyond what a double holds, and lines that name no bill', async () => {
    const { billId } = await insertNotification(db.database, {
      billId: billIdOf('9007199254740993'),
      sendStatus: 'DELIVERED',
    });
    await insertNotification(db.database, { billId: billIdOf(5), sendStatus: 'DELIVERED' });
    const ledger = ledgerOf([`${billId}:EMAIL:1`, 'nonsense', '5:EMAIL:1']);
    const counts: number[] = [];
    const onProgress = (bills: number): void => void counts.push(bills);
    const request = { ledgerFiles: [ledger], billsPerRange: 1, onProgress };
    assert.deepEqual(await compareWithLedgers(db.database, request), { ...nothing, unaccepted: 0 });
    assert.deepEqual(counts, [1, 2]);
  });

  it('counts the messages of rehearsals and to seed addresses apart, however often a bill has some', async () => {
    const bill = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const tests = ['rehearsal:2026-11-2', 'seed:2026-11:1-0', 'seed:2026-11:1-0'].map((suffix) =>
      testKeyOf({ ...bill, channel: 'EMAIL' }, suffix),
    );
    const ledgerFiles = [ledgerOf(tests), ledgerOf([`${bill.billId}:EMAIL:1`])];
    assert.deepEqual(await compareWithLedgers(db.database, { ledgerFiles }), { ...nothing, testMessages: 3 });
    const onlyTests = { ledgerFiles: ledgerFiles.slice(0, 1) };
    assert.equal((await compareWithLedgers(db.database, onlyTests)).unaccepted, 1, 'it accepts no bill');
  });
});
