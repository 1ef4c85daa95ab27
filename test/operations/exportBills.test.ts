import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { type ExportPart, exportBills } from '../../src/operations/exportBills.ts';
import type { Sought } from '../../src/operations/searchBills.ts';
import { ask } from '../support/ask.ts';
import { billIdOf, emptyTables, insertNotification, memberIdOf } from '../support/notifications.ts';
import { insertBill } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const config = loadConfig({});

beforeEach(() => emptyTables(test.database));

async function exported(sought: Sought): Promise<{ records: Record<string, string>[]; bills: number }> {
  const parts: ExportPart[] = [];
  for await (const part of exportBills({ ...test, config }, sought)) parts.push(part);
  const text = parts.map((part) => part.text).join('');
  const records = parse<Record<string, string>>(text, { columns: true });
  return { records, bills: parts.reduce((sum, part) => sum + part.bills, 0) };
}

describe('an export', () => {
  it('has a line per bill that the conditions meet, with the reason in words', async () => {
    const [refused, other] = [billIdOf(2), billIdOf(3)];
    await insertNotification(test.database, {
      billId: refused,
      memberId: memberIdOf(77),
      sendStatus: 'FAILED',
      channel: 'SMS',
      reason: 'SMS_REFUSED',
      cycle: 2,
    });
    await insertNotification(test.database, { billId: other, publishStatus: 'HELD' });
    await insertBill(test.database, { billId: refused, month: '2026-11-01', memberId: memberIdOf(77) });
    const { records, bills } = await exported({ month: '2026-11-01', state: 'FAILED' });
    assert.equal(bills, 1);
    const [record] = records;
    assert.ok(record);
    const { changedAt, ...rest } = record;
    assert.ok(!Number.isNaN(Date.parse(changedAt ?? '')));
    assert.deepEqual(rest, {
      billId: '2',
      memberId: '77',
      month: '2026-11',
      state: 'FAILED',
      channel: 'SMS',
      cycle: '2',
      attempts: '0',
      reason: 'SMS_REFUSED',
      meaning: 'the provider refused the SMS for good',
    });
    assert.deepEqual(
      (await exported({})).records.map(({ billId, state }) => `${billId} ${state}`),
      ['2 FAILED', '3 HELD'],
    );
  });

  it('is the line of headings if there is no such bill', async () => {
    assert.deepEqual(await exported({ state: 'IN_DOUBT' }), { records: [], bills: 0 });
  });

  it('has each bill once, whatever the number of windows', async () => {
    await ask(
      test.database,
      `insert into bill_notification (bill_id, member_id) select n, n from generate_series(1, 9001) n`,
    );
    const { records } = await exported({ state: 'HELD' });
    assert.deepEqual(
      records.map(({ billId }) => Number(billId)),
      Array.from({ length: 9_001 }, (_, index) => index + 1),
    );
  });

  it('has no formula for a spreadsheet', async () => {
    await insertNotification(test.database, { sendStatus: 'CANCELLED', reason: '=HYPERLINK("http://x")' });
    const { records } = await exported({});
    assert.equal(records[0]?.reason, `'=HYPERLINK("http://x")`);
  });
});
