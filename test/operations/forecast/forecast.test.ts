import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ApiApp } from '../../../src/api/apiApp.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { findForecast } from '../../../src/db/forecasts.ts';
import { heldPages } from '../../../src/db/reads/heldPages.ts';
import { type ForecastFacts, forecast } from '../../../src/operations/forecast/forecast.ts';
import { createAddressHasher } from '../../../src/policy/addressHasher.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { ask } from '../../support/ask.ts';
import { billIdOf, emptyTables, insertNotification, memberIdOf } from '../../support/notifications.ts';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
const environment = { PRICE_EMAIL: '0.5', PROVIDER_RATES: 'EMAIL/simulated:2', POOL_THREADS: '1' };
const config = loadConfig(environment);
const { seal } = createFieldCiphers(config.cipher);

interface Someone {
  readonly id: number;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly fee?: number;
  readonly unpaid?: number;
  /** By how much the items fall short of the fee. */
  readonly missing?: number;
  readonly isQuiet?: boolean;
  readonly lastMonth?: number;
}

/** A member with one held bill of November. */
async function insertHeld(someone: Someone): Promise<void> {
  const { id, email = `member${id}@example.com`, phone = '010-1234-5678', isQuiet = false } = someone;
  const { fee = 1_000, unpaid = 0, missing = 0, lastMonth } = someone;
  const sealed = (
    field: 'name' | 'email' | 'phone' | 'paymentOwnerName' | 'paymentNumber',
    text: string | null,
  ) => (text === null ? null : seal(field, memberIdOf(id), text));
  await ask(
    test.database,
    `insert into member (id, name, email, phone, grade, do_not_disturb_start, do_not_disturb_end)
     values ($1, $2, $3, $4, 'VIP', $5, $6)`,
    [
      ...[id, sealed('name', '홍길동'), sealed('email', email), sealed('phone', phone)],
      ...(isQuiet ? ['00:00', '23:59:59.999'] : [null, null]),
    ],
  );
  const bills: (readonly [number, string, number, number])[] = [[id, '2026-11-01', fee, unpaid]];
  if (lastMonth !== undefined) bills.push([id + 1_000, '2026-10-01', lastMonth, 0]);
  for (const [billId, month, amount, carried] of bills) {
    await ask(
      test.database,
      `insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
         total_billed_amount, monthly_fee, additional_fee, due_date, issued_at, payment_owner_name, payment_name,
         payment_number)
       values ($1, $2, $3, $4, 0, $5, 0, $4::bigint + $5::bigint, $4, 0, '2026-12-25', now(), $6, '카드', $7)`,
      [
        ...[billId, id, month, amount, carried],
        ...[sealed('paymentOwnerName', '홍길동'), sealed('paymentNumber', '1234-5678-9012-3456')],
      ],
    );
  }
  await ask(
    test.database,
    `insert into bill_item (id, bill_id, category, name, amount) values ($1, $1, 'SUBSCRIPTION', '요금제', $2)`,
    [id, fee - missing],
  );
  await insertNotification(test.database, {
    billId: billIdOf(id),
    memberId: memberIdOf(id),
    publishStatus: 'HELD',
    publishSeq: 0,
  });
}

async function insertMonth(): Promise<void> {
  await emptyTables(test.database);
  await test.database.execute('truncate member, bill, bill_item, suppression, forecast');
  await insertHeld({ id: 1, fee: 1_000, lastMonth: 200 });
  await insertHeld({ id: 2, email: null });
  await insertHeld({ id: 3, isQuiet: true });
  await insertHeld({ id: 4, missing: 7 });
  await insertHeld({ id: 5, fee: 0 });
  await insertHeld({ id: 6, email: 'nobody', phone: null });
  await insertHeld({ id: 7, fee: 500, unpaid: -700 });
  await insertHeld({ id: 8 });
  await test.database.execute(`update bill_notification set publish_status = 'PENDING' where bill_id = 8`);
  const hash = createAddressHasher(config.cipher.keys).hash('EMAIL', 'member3@example.com');
  await ask(
    test.database,
    `insert into suppression (channel, address_hash, member_id, bill_id, reason, added_by)
     values ('EMAIL', $1, 3, 3, 'bounced_hard', 'test')`,
    [hash],
  );
}

const month = '2026-11';

describe('a forecast', () => {
  let facts: ForecastFacts;
  before(async () => {
    await insertMonth();
    facts = await forecast({ config, database: test.database }, { selection: { month } });
  });

  it('is about the held bills of the month, and says how many are not held', () => {
    assert.deepEqual([facts.month, facts.bills, facts.notHeld, facts.sampled], ['2026-11', 7, 1, null]);
    assert.deepEqual(facts.first, [{ channel: 'EMAIL', bills: 7 }]);
  });

  it('reads its bills page by page, and passes over windows in which nothing is held', async () => {
    const ids: string[][] = [];
    for await (const page of heldPages(test.database, { month }, { size: 3, every: 1, window: 1 })) {
      ids.push(page.map(({ billId }) => billId));
    }
    assert.deepEqual(ids, [['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['7']]);
    const pages = await Array.fromAsync(heldPages(test.database, { month }, { size: 3, every: 1 }));
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    );
  });

  it('knows who goes out by the next channel, and why', () => {
    const messages = facts.messages.map(({ channel, form, messages: count }) => [channel, form, count]);
    assert.deepEqual(messages, [
      ['EMAIL', 'email', 3],
      ['SMS', 'sms', 2],
    ]);
    assert.deepEqual(facts.turns, [
      { from: 'EMAIL', to: 'SMS', why: 'noContact', bills: 2 },
      { from: 'EMAIL', to: 'SMS', why: 'suppressed', bills: 1 },
    ]);
    assert.deepEqual(facts.domains, [{ domain: 'example.com', bills: 3 }]);
    assert.equal(facts.quietHours.bills, 1);
  });

  it('knows what would fail, with the reason of the path and nothing personal', () => {
    const failures = facts.failures.map(({ channel, reason, sample }) => [channel, reason, ...sample]);
    assert.deepEqual(failures.toSorted(), [
      ['EMAIL', 'BILL_INCOMPLETE', '4'],
      ['SMS', 'NO_CONTACT', '6'],
    ]);
    assert.doesNotMatch(JSON.stringify(facts), /홍길동|member\d@|010-1234/);
  });

  it('sums amounts, and finds bills that a person should look at', () => {
    assert.deepEqual(facts.amounts, [{ currency: 'KRW', bills: 7, sum: '4800' }]);
    assert.equal(facts.withoutAmount, 0);
    const { outliers } = facts;
    assert.deepEqual(outliers.unlikeLastMonth.bills, [
      { billId: '1', amount: 1_000, currency: 'KRW', lastMonth: 200, ratio: 5 },
    ]);
    assert.deepEqual([outliers.zero.bills[0]?.billId, outliers.negative.bills[0]?.amount], ['5', -200]);
  });

  it('says how long it takes and what it costs, as far as that is known', () => {
    assert.deepEqual(facts.duration.expected, { seconds: 2, by: 'providerPace' });
    assert.equal(facts.duration.atMeasuredRate, null);
    assert.deepEqual([facts.cost.total, facts.cost.unpriced], [1.5, 2]);
  });

  it('changes nothing', async () => {
    const [row] = await ask<[number]>(
      test.database,
      `select count(*)::int from bill_notification where publish_status = 'HELD' and send_status = 'PENDING'`,
    );
    assert.equal(row?.[0], 7);
  });
});

describe('the routes of forecasts', () => {
  let app: ApiApp;
  before(async () => {
    app = await createTestApi({
      database: test.database,
      environment: { ...environment, API_TOKENS: everyToken },
    });
  });
  after(() => app.close());

  it('compute one of named bills, keep it, and let every role read it', async () => {
    const made = await app.inject({
      method: 'POST',
      url: '/api/v1/forecasts',
      headers: bearer('operator'),
      payload: { selection: { billIds: ['1', '2', '8'] } },
    });
    assert.ok([201, 202].includes(made.statusCode), made.body);
    const { forecastId } = made.json();
    while ((await findForecast(test.database, forecastId))?.state === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const read = await app.inject({ url: `/api/v1/forecasts/${forecastId}`, headers: bearer('viewer') });
    const { state, facts, requestedBy } = read.json();
    assert.deepEqual([state, facts?.bills, facts?.notHeld, requestedBy], ['DONE', 2, 1, 'operator-token']);
    const { items } = (await app.inject({ url: '/api/v1/forecasts', headers: bearer('viewer') })).json();
    assert.equal(items[0].forecastId, forecastId);
  });

  it('give it to a run that is planned of the same bills', async () => {
    const plan = { selection: { billIds: ['8', '2', '1'] } };
    const headers = bearer('operator');
    const made = await app.inject({ method: 'POST', url: '/api/v1/runs', headers, payload: { plan } });
    assert.equal(made.statusCode, 201, made.body);
    const { forecast: given } = (
      await app.inject({ url: `/api/v1/runs/${made.json().runId}`, headers })
    ).json();
    assert.deepEqual([given.bills, given.first], [2, [{ channel: 'EMAIL', bills: 2 }]]);
    await ask(test.database, `update forecast set facts = facts || '{"bills":1}'`);
    const later = await app.inject({ method: 'POST', url: '/api/v1/runs', headers, payload: { plan } });
    assert.equal(later.json().proposal.forecast, undefined, 'it looked at other bills');
  });

  it('tell of one whose process has ended', async () => {
    const [row] = await ask<[string]>(
      test.database,
      `insert into forecast (id, request, requested_by, changed_at)
       values (gen_random_uuid(), '{"selection":{"month":"2026-11"}}', 'a', now() - interval '3 minutes')
       returning id`,
    );
    const read = await app.inject({ url: `/api/v1/forecasts/${row?.[0]}`, headers: bearer('viewer') });
    const { state, month: of, problem } = read.json();
    assert.deepEqual([state, of], ['FAILED', '2026-11']);
    assert.match(problem, /make it again/);
  });
});
