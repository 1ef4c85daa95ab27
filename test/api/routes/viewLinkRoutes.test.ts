import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ApiApp } from '../../../src/api/apiApp.ts';
import type { BillId } from '../../../src/bill.ts';
import { createViewLinks } from '../../../src/render/link/viewLinks.ts';
import { ask } from '../../support/ask.ts';
import { insertNotification } from '../../support/notifications.ts';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { insertBill, insertItem, insertMember } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const key = Buffer.alloc(32, 3).toString('base64');
const environment = {
  API_TOKENS: everyToken,
  CIPHER: 'none',
  VIEW_LINK_URL: 'https://bills.kr',
  VIEW_LINK_KEY: key,
};
const links = createViewLinks({ url: 'https://bills.kr', keys: [key], days: 90 });

describe('/b/<token>', () => {
  const test = useTestDatabase();
  let app: ApiApp;
  let billId: BillId;
  beforeEach(async () => {
    const { database } = test;
    await database.execute(
      'truncate access_record, view_link_try, member, bill, bill_item, bill_notification',
    );
    const row = await insertNotification(database);
    billId = row.billId;
    await insertMember(database, row.memberId);
    await insertBill(database, row);
    await insertItem(database, { id: 1, billId, category: 'SUBSCRIPTION', name: '5G', amount: '55000' });
    await ask(database, `update member set name = '홍길동', email = null, phone = '010-1234-5678'`);
    app = await createTestApi({ database, environment });
  });

  function pathOf(cycle = 1, datedAtMs = Date.now()): string {
    return new URL(links.urlOf({ billId, cycle, datedAtMs })).pathname;
  }

  function answer(digits: string, path = pathOf()) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'ko' };
    return app.inject({
      method: 'POST',
      url: path,
      headers,
      payload: new URLSearchParams({ digits }).toString(),
    });
  }

  async function records(): Promise<unknown[]> {
    const { items } = (await app.inject({ url: '/api/v1/audit', headers: bearer('auditor') })).json();
    return items.map(({ who, what, result, billIds }: Record<string, unknown>) => [
      who,
      what,
      result,
      billIds,
    ]);
  }

  it('asks first, shows nothing of the bill, and speaks Korean or English', async () => {
    const english = await app.inject({ url: pathOf(), headers: { 'accept-language': 'en-GB,ko;q=0.5' } });
    assert.equal(english.statusCode, 200);
    assert.match(english.body, /<html lang="en">.*last four digits/s);
    assert.ok(!english.body.includes(billId) || billId.length < 3);
    assert.equal(english.headers['cache-control'], 'no-store');
    assert.match(
      String(english.headers['content-security-policy']),
      /^default-src 'none'.*form-action 'self'/,
    );
    assert.match((await app.inject({ url: pathOf() })).body, /<html lang="ko">.*마지막 네 자리/s);
    assert.deepEqual(await records(), []);
  });

  it('shows the bill after the right answer, also to a member without an e-mail address, and records it', async () => {
    const shown = await answer(' 5678 ');
    assert.equal(shown.statusCode, 200);
    assert.match(shown.body, /홍\*동 고객님/);
    assert.ok(!shown.body.includes('홍길동') && !shown.body.includes('/b/'));
    assert.match(
      String(shown.headers['content-security-policy']),
      /^sandbox allow-popups; default-src 'none'/,
    );
    assert.deepEqual(await records(), [['member', 'view link', 'done', [billId]]]);
    assert.deepEqual(await ask(test.database, 'select * from view_link_try'), []);
  });

  it('closes a link after five wrong answers, also at the same time, and a resend has another', async () => {
    const wrong = await Promise.all(
      ['0000', '', '56789', '1234', '5679', '9999', '0001'].map((one) => answer(one)),
    );
    assert.ok(wrong.every(({ statusCode }) => statusCode === 403));
    assert.equal(wrong.filter(({ body }) => body.includes('더 입력할 수')).length, 4);
    const right = await answer('5678');
    assert.equal(right.statusCode, 403);
    assert.match(right.body, /사용할 수 없습니다/);
    assert.equal((await answer('5678', pathOf(2))).statusCode, 200);
    assert.equal((await records()).length, 9);
  });

  it('says if it is forged, expired, or leads to a bill that is gone', async () => {
    const forged = await app.inject({ url: `${pathOf().slice(0, -1)}0` });
    assert.deepEqual([forged.statusCode, (await app.inject({ url: '/b/x' })).statusCode], [404, 404]);
    for (const [length, status] of [
      [200, 404],
      [2_000, 414],
    ] as const) {
      assert.equal((await app.inject({ url: `/b/${'x'.repeat(length)}` })).statusCode, status);
    }
    const old = pathOf(1, Date.now() - 91 * 86_400_000);
    assert.deepEqual(
      [(await app.inject({ url: old })).statusCode, (await answer('5678', old)).statusCode],
      [410, 410],
    );
    await ask(
      test.database,
      `update bill_notification set send_status = 'CANCELLED', publish_status = 'PUBLISHED'`,
    );
    assert.equal((await answer('5678')).statusCode, 410);
    await test.database.execute('truncate bill_notification');
    assert.equal((await answer('5678')).statusCode, 410);
  });

  it('cannot ask a member without a phone number, and is off without settings', async () => {
    await ask(test.database, `update member set phone = '-'`);
    const none = await answer('5678');
    assert.equal(none.statusCode, 403);
    assert.match(none.body, /휴대폰 번호가 없어/);
    const off = await createTestApi({ database: test.database });
    assert.equal((await off.inject({ url: pathOf() })).statusCode, 404);
  });
});
