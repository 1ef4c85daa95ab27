import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId, Claim } from '../../../src/bill.ts';
import { type ParsedBill, parseSourceBill } from '../../../src/render/bill/parseSourceBill.ts';
import type { CompleteBill } from '../../../src/render/bill/sourceBill.ts';
import { ask } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  memberIdOf,
  newToken,
  someMember,
} from '../../support/notifications.ts';
import { loadBills } from '../../support/ownLoader.ts';
import { insertBill, insertItem, insertMember } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function claimOf(billId: BillId, facts: Partial<Claim> = {}): Claim {
  return {
    billId,
    memberId: someMember,
    channel: 'EMAIL',
    cycle: 1,
    attempts: 0,
    triedMs: 0,
    passed: null,
    token: newToken(),
    ...facts,
  };
}

async function parse(claim: Claim): Promise<ParsedBill> {
  const texts = await loadBills(db.database, [claim]);
  return parseSourceBill(texts.get(claim.billId)?.text ?? '');
}

async function load(claim: Claim): Promise<CompleteBill> {
  const parsed = await parse(claim);
  assert.ok(parsed.kind === 'complete', JSON.stringify(parsed));
  return parsed.bill;
}

async function missingIn(claim: Claim): Promise<string> {
  const parsed = await parse(claim);
  return parsed.kind === 'incomplete' ? parsed.detail : 'nothing';
}

describe('loading a bill', () => {
  it('gives the member, the bill, its items by id and the months, still sealed', async () => {
    const billId = billIdOf(5);
    await insertMember(db.database);
    await insertBill(db.database, { billId });
    await insertItem(db.database, { id: 2, billId, category: 'DISCOUNT', name: '할인', amount: '500' });
    await insertItem(db.database, {
      id: 1,
      billId,
      category: 'SUBSCRIPTION',
      name: '5G "x"',
      amount: '55000',
    });
    const loaded = await load(claimOf(billId, { cycle: 2 }));
    assert.deepEqual([loaded.billId, loaded.memberId, loaded.cycle], ['5', '7', 2]);
    assert.deepEqual(loaded.member, {
      name: 'sealed-name',
      email: 'sealed-email',
      phone: 'sealed-phone',
      address: 'sealed-address',
      grade: 'VIP',
    });
    assert.deepEqual(loaded.items, [
      { category: 'SUBSCRIPTION', subcategory: null, name: '5G "x"', amount: 55_000 },
      { category: 'DISCOUNT', subcategory: null, name: '할인', amount: 500 },
    ]);
    assert.equal(loaded.bill.billingMonth, '2026-11-01');
    assert.equal(loaded.bill.totalBilledAmount, 60_500);
    assert.equal(Date.parse(loaded.bill.issuedAt), Date.parse('2026-11-20T00:00:00Z'));
    assert.deepEqual(loaded.months, []);
  });

  it('gives the three months before, of this member, over the turn of a year', async () => {
    await insertMember(db.database);
    const months = ['2026-02-01', '2026-01-01', '2025-12-01', '2025-11-01', '2025-10-01', '2026-03-01'];
    for (const [index, month] of months.entries()) {
      await insertBill(db.database, { billId: billIdOf(index + 1), month });
    }
    await insertBill(db.database, { billId: billIdOf(99), memberId: memberIdOf(8), month: '2026-01-01' });
    const { months: shown } = await load(claimOf(billIdOf(1)));
    assert.deepEqual(shown.map(({ billingMonth }) => billingMonth).sort(), [
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
    ]);
  });

  it('gives no bill of the same month, and none that was cancelled', async () => {
    await insertMember(db.database);
    const corrected = { month: '2026-11-01', totalBilledAmount: '1000000' };
    const { billId: cancelled } = await insertNotification(db.database, { sendStatus: 'CANCELLED' });
    await insertBill(db.database, { billId: cancelled, ...corrected });
    const { billId: delivered } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await insertBill(db.database, { billId: delivered, month: '2026-11-01', totalBilledAmount: '98900' });
    await insertBill(db.database, { billId: billIdOf(9_001), month: '2026-12-01' });
    assert.deepEqual((await load(claimOf(delivered))).months, []);
    assert.deepEqual((await load(claimOf(billIdOf(9_001)))).months, [
      { billingMonth: '2026-11-01', totalBilledAmount: 98_900 },
    ]);
  });

  it('gives each of several bills of an earlier month', async () => {
    await insertMember(db.database);
    for (const [id, totalBilledAmount] of [
      [2, '200'],
      [1, '100'],
    ] as const) {
      await insertBill(db.database, { billId: billIdOf(id), month: '2026-10-01', totalBilledAmount });
    }
    await insertBill(db.database, { billId: billIdOf(3) });
    const { months: shown } = await load(claimOf(billIdOf(3)));
    assert.deepEqual(
      shown.map(({ totalBilledAmount }) => totalBilledAmount).sort((a, b) => a - b),
      [100, 200],
    );
  });

  it("shows what is missing: the bill's row, the member's row", async () => {
    await insertBill(db.database, { billId: billIdOf(1) });
    assert.match(await missingIn(claimOf(billIdOf(1))), /the member row/);
    await insertMember(db.database);
    assert.equal(await missingIn(claimOf(billIdOf(1))), 'nothing');
    assert.match(await missingIn(claimOf(billIdOf(2))), /the bill row/);
  });

  it("gives nobody another member's bill, not even its items", async () => {
    await insertMember(db.database);
    await insertBill(db.database, { billId: billIdOf(1), memberId: memberIdOf(8) });
    await insertItem(db.database, {
      id: 1,
      billId: billIdOf(1),
      category: 'SUBSCRIPTION',
      name: 'secret',
      amount: '1',
    });
    const texts = await loadBills(db.database, [claimOf(billIdOf(1))]);
    assert.match(await missingIn(claimOf(billIdOf(1))), /the bill row/);
    assert.ok(!texts.get(billIdOf(1))?.text.includes('secret'));
  });

  it('keeps ids beyond 2^53 as text, and no contact as null', async () => {
    const billId = billIdOf('9007199254740993');
    const memberId = memberIdOf('9223372036854775807');
    await insertMember(db.database, memberId, null);
    await insertBill(db.database, { billId, memberId });
    const loaded = await load(claimOf(billId, { memberId }));
    assert.deepEqual([loaded.billId, loaded.memberId], [billId, memberId]);
    assert.equal(loaded.member.email, null);
  });

  it('gives the size in place of the text of a bill that is larger than asked for', async () => {
    await insertMember(db.database);
    const ids = [1, 2].map(billIdOf);
    for (const billId of ids) await insertBill(db.database, { billId });
    await insertItem(db.database, {
      id: 1,
      billId: billIdOf(2),
      category: 'SUBSCRIPTION',
      name: 'x'.repeat(500),
      amount: '1',
    });
    const claims = ids.map((billId) => claimOf(billId));
    const all = await loadBills(db.database, claims);
    const sizes = ids.map((billId) => Buffer.byteLength(all.get(billId)?.text ?? ''));
    const within = await loadBills(db.database, claims, sizes[0]);
    assert.deepEqual(within.get(billIdOf(1)), all.get(billIdOf(1)));
    assert.deepEqual(within.get(billIdOf(2)), {
      text: `{"tooLargeBytes":${sizes[1]}}`,
      largeBytes: sizes[1],
    });
  });

  it('leaves the text of a bill without end in the server, and says how large it is', async () => {
    await insertMember(db.database);
    const [large, small] = [billIdOf(1), billIdOf(2)];
    for (const billId of [large, small]) await insertBill(db.database, { billId });
    await ask(
      db.database,
      `insert into bill_item (id, bill_id, category, name, amount)
       select n, 1, 'SUBSCRIPTION', repeat('x', 200), 1 from generate_series(1, 60000) n`,
    );
    const texts = await loadBills(db.database, [claimOf(large), claimOf(small)]);
    const parsed = parseSourceBill(texts.get(large)?.text ?? '');
    assert.ok(parsed.kind === 'tooLarge' && parsed.bytes > 12_000_000);
    assert.equal(
      parseSourceBill(texts.get(small)?.text ?? '').kind,
      'complete',
      'it takes no room from others',
    );
  });

  it('gives a text for each of many bills', async () => {
    const ids = [1, 2, 3].map(billIdOf);
    for (const billId of ids.slice(0, 2)) await insertBill(db.database, { billId });
    const texts = await loadBills(
      db.database,
      ids.map((billId) => claimOf(billId)),
    );
    assert.deepEqual([...texts.keys()].sort(), ids);
  });
});
