import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createFieldCiphers, type FieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { sampleMember } from '../../src/sample/member.ts';
import { withOddity } from '../../src/sample/oddities.ts';
import { type SeedOptions, type SeedResult, seedSampleBills } from '../../src/sample/seed.ts';
import { testCipherOptions } from '../render/bill/testCiphers.ts';
import { createTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const ciphers = createFieldCiphers(
  testCipherOptions({ keys: [{ keyId: 'test', key: new Uint8Array(32).fill(7) }] }),
);
const month = '2026-11-01';

describe('seedSampleBills', () => {
  let test: TestDatabase;
  let first: SeedResult;
  const progress: number[] = [];

  const seed = (options: Partial<SeedOptions>): Promise<SeedResult> =>
    seedSampleBills({
      database: test.database,
      encrypt: ciphers.seal,
      members: 10,
      seed: 5,
      month,
      ...options,
    });
  const select = (text: string, values?: unknown[]): Promise<unknown[][]> =>
    test.database.withConnection((connection) => connection.run(text, values));
  const countOf = async (table: string): Promise<number> =>
    Number((await select(`select count(*) from ${table}`))[0]?.[0]);

  before(async () => {
    test = await createTestDatabase();
    first = await seed({ members: 4_500, onProgress: (members) => progress.push(members) });
  });
  after(() => test.drop());

  it('writes what it says', async () => {
    assert.deepEqual(first, {
      members: 4_500,
      held: 4_500,
      bills: 18_000,
      items: await countOf('bill_item'),
      firstBillId: '13501',
      lastBillId: '18000',
    });
    assert.equal(await countOf('member'), 4_500);
    assert.equal(await countOf('bill'), 18_000);
    assert.equal(await countOf('bill_notification'), 4_500);
    assert.deepEqual(progress, [1_000, 2_000, 3_000, 4_000, 4_500]);
  });

  it('stores the members of the seed, encrypted', async () => {
    const rows = await select(`
      select id, name, email, phone, address, grade,
        to_char(do_not_disturb_start, 'HH24:MI'), to_char(do_not_disturb_end, 'HH24:MI')
      from member order by id`);
    assert.ok(rows.every((row) => String(row[1]).startsWith('v2:test:')));
    const members = rows.map(([id, name, email, phone, address, ...plain]) => [
      id,
      ...openAll(['name', 'email', 'phone', 'address'], id, [name, email, phone, address]),
      ...plain,
    ]);
    assert.deepEqual(
      members,
      expectedMembers(4_500).map(({ id, name, email, phone, address, grade, doNotDisturb: hours }) =>
        [String(id), name, email, phone, address, grade].concat(hours?.start ?? null, hours?.end ?? null),
      ),
    );
  });

  it('stores four bills of each, the last month in a row of ids', async () => {
    const rows = await select(`
      select member_id, billing_month::text, total_billed_amount, due_date::text,
        issued_at = (billing_month + interval '2 days 9 hours') at time zone 'Asia/Seoul',
        payment_owner_name, payment_name, payment_number
      from bill order by id`);
    const bills = rows.map(([id, at, billed, due, issued, owner, payment, number]) =>
      [
        ...[id, at, billed, due, issued],
        ...openAll(['paymentOwnerName'], id, [owner]),
        payment,
        ...openAll(['paymentNumber'], id, [number]),
      ].map(String),
    );
    const members = expectedMembers(4_500);
    const expected = [0, 1, 2, 3].flatMap((age) =>
      members.map(({ id, bills: of, payment }) => {
        const bill = of[age];
        const { ownerName, name, number } = payment;
        const billed = bill?.amounts.totalBilledAmount;
        return [id, bill?.billingMonth, billed, bill?.dueDate, true, ownerName, name, number].map(String);
      }),
    );
    assert.deepEqual(bills, expected);
  });

  it('stores items that add up to the bill, for the month only', async () => {
    const wrong = await select(
      `select b.id from bill b
      left join lateral (
        select count(*) as lines,
          sum(amount) filter (where category = 'SUBSCRIPTION') as monthly,
          coalesce(sum(amount) filter (where category in ('OVER_USAGE', 'ONE_TIME_PURCHASE')), 0) as additional,
          sum(amount) filter (where category = 'DISCOUNT') as discount
        from bill_item where bill_id = b.id
      ) i on true
      where case when b.billing_month = $1 then
          (i.lines between 4 and 20 and b.monthly_fee = i.monthly and b.additional_fee = i.additional
            and b.total_discount_amount = i.discount and b.total_amount = i.monthly + i.additional
            and b.vat = round(b.total_amount / 11.0)
            and b.total_billed_amount - (b.total_amount - i.discount + b.unpaid_amount) between -9 and 0) is not true
        else i.lines > 0 end`,
      [month],
    );
    assert.deepEqual(wrong, []);
  });

  it('holds one notification for each bill of the month', async () => {
    const rows = await select(`
      select n.channel, n.send_status, n.publish_status, n.cycle, b.billing_month::text,
        b.member_id = n.member_id, count(*), min(n.bill_id), max(n.bill_id)
      from bill_notification n join bill b on b.id = n.bill_id group by 1, 2, 3, 4, 5, 6`);
    assert.deepEqual(rows, [['EMAIL', 'PENDING', 'HELD', 1, month, true, '4500', '13501', '18000']]);
  });

  it('leaves statistics for the planner', async () => {
    const rows = await select(
      `select relname::text from pg_stat_user_tables where last_analyze is not null order by 1`,
    );
    assert.deepEqual(rows.flat(), ['bill', 'bill_item', 'bill_notification', 'member']);
  });

  it('leaves only whole members if it ends early, and lets the next seeding in', async () => {
    const before = await countOf('member');
    let sealed = 0;
    const failing = seed({
      members: 2_100,
      encrypt: (field, memberId, plain) => {
        sealed += 1;
        if (sealed > 12_300) throw new Error('interrupted');
        return ciphers.seal(field, memberId, plain);
      },
    });
    await assert.rejects(failing, /interrupted/);
    assert.equal(await countOf('member'), before + 2_000);
    assert.equal(await countOf('bill'), 4 * (before + 2_000));
    assert.equal(await countOf('bill_notification'), before + 2_000);
    await seed({ members: 1 });
    assert.equal(await countOf('member'), before + 2_001);
  });

  it('gives different ids to seedings at the same time', async () => {
    const before = await countOf('bill_notification');
    const results = await Promise.all([seed({ members: 40 }), seed({ members: 60 }), seed({ members: 5 })]);
    const notifications = results.map(async ({ firstBillId, lastBillId }) => {
      const rows = await select('select 1 from bill_notification where bill_id between $1 and $2', [
        firstBillId,
        lastBillId,
      ]);
      return rows.length;
    });
    assert.deepEqual(await Promise.all(notifications), [40, 60, 5]);
    assert.equal(await countOf('bill_notification'), before + 105);
  });

  it('continues after the largest id in any table', async () => {
    await select('insert into bill_notification (bill_id, member_id) values (5000000000, 1)');
    await select(`insert into bill_item (id, bill_id, category, name, amount)
      values (7000000000, 6000000000, 'DISCOUNT', '할인', 1)`);
    const { firstBillId, lastBillId } = await seed({ members: 1 });
    assert.deepEqual([firstBillId, lastBillId], ['6000000004', '6000000004']);
    const items = await select('select min(id) from bill_item where bill_id = $1', [firstBillId]);
    assert.deepEqual(items, [['7000000001']]);
  });

  it('refuses options that are none', async () => {
    await assert.rejects(seed({ members: 0 }), { code: 'USAGE' });
    await assert.rejects(seed({ members: 1.5 }), { code: 'USAGE' });
    await assert.rejects(seed({ seed: 0.5 }), { code: 'USAGE' });
    await assert.rejects(seed({ month: '2026-11-02' }), { code: 'USAGE' });
  });
});

function expectedMembers(count: number) {
  return Array.from({ length: count }, (_, index) => withOddity(sampleMember(5, BigInt(index + 1), month)));
}

type Field = Parameters<FieldCiphers['open']>[0];

function openAll(fields: readonly Field[], memberId: unknown, values: readonly unknown[]) {
  return fields.map((field, index) => {
    const value = values[index];
    if (value === null) return null;
    const opened = ciphers.open(field, String(memberId), String(value));
    return opened.kind === 'opened' ? opened.text : assert.fail('it does not open');
  });
}
