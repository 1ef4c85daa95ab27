import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { emptyTables, newToken } from '../../support/notifications.ts';
import { insertSealedBill, sealedBill } from '../../support/sealedBill.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
const { billId: bill } = sealedBill;

beforeEach(async () => {
  await emptyTables(test.database);
  await insertSealedBill(test.database);
});

async function ask(role: 'viewer' | 'agent' | 'auditor' | 'operator', url: string, payload?: object) {
  const app = await createTestApi({ database: test.database });
  return app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: bearer(role),
    ...(payload !== undefined && { payload }),
  });
}

async function lastRecord() {
  return (await ask('auditor', '/audit?limit=1')).json().items[0];
}

describe('GET /api/v1/bills/{billId}', () => {
  it('explains a bill', async () => {
    const answer = (await ask('agent', `/bills/${bill}`)).json();
    assert.match(answer.headline, /bill 42 of 2026-11: DELIVERED/);
    assert.deepEqual(
      [answer.bill.sendStatus, answer.bill.cycle, answer.next.step],
      ['DELIVERED', 1, 'NOTHING'],
    );
    assert.ok(answer.standing.length > 0);
    assert.doesNotMatch(JSON.stringify(answer), /gildong|홍길동/);
  });

  it('says if there is no such bill', async () => {
    assert.equal((await ask('agent', '/bills/999')).json().code, 'BILL_NOT_FOUND');
    assert.equal((await ask('agent', '/bills/abc')).json().code, 'REQUEST_INVALID');
    assert.equal((await ask('viewer', `/bills/${bill}`)).json().code, 'NOT_ALLOWED');
  });
});

describe('a proof', () => {
  it('says what is known of each message, and is recorded', async () => {
    const none = (await ask('auditor', `/bills/${bill}/proof`)).json();
    assert.deepEqual([none.proved, none.attempts], [false, []]);
    const attempt = newToken();
    await test.database.execute(
      `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
       values ($1, $2, 'ACCEPTED', 1, 'EMAIL', true, 'test', now(), now())`,
      [bill, attempt],
    );
    const answer = (await ask('auditor', `/bills/${bill}/proof?attempt=${attempt}`)).json();
    const [found] = answer.attempts;
    assert.deepEqual(
      [answer.proved, found.attempt, found.accepted, found.result, found.differs, found.contentHash],
      [false, attempt, true, 'notRecorded', [], null],
    );
    assert.deepEqual((await lastRecord()).what, 'prove');
    assert.equal((await ask('auditor', `/bills/${bill}/proof?cycle=2`)).statusCode, 400);
    assert.equal((await ask('auditor', '/bills/999/proof')).json().code, 'BILL_NOT_FOUND');
  });
});

describe('a preview', () => {
  it('shows the message in a sandbox, masked, and is recorded', async () => {
    const html = await ask('agent', `/bills/${bill}/preview.html`);
    assert.equal(html.statusCode, 200, html.body.slice(0, 300));
    assert.match(html.body, /<html/i);
    assert.doesNotMatch(html.body, /홍길동|1234-5678-9012-3456/);
    assert.match(
      String(html.headers['content-security-policy']),
      /^sandbox; default-src 'none'.*frame-ancestors 'self'$/,
    );
    const record = await lastRecord();
    assert.deepEqual(
      [record.what, record.who, record.billIds, record.result],
      ['preview', 'agent-token', ['42'], 'done'],
    );
    const text = await ask('agent', `/bills/${bill}/preview.txt`);
    assert.match(String(text.headers['content-type']), /^text\/plain/);
  });

  it('says why a message cannot be rendered', async () => {
    const sms = await ask('agent', `/bills/${bill}/preview.sms`);
    assert.deepEqual([sms.statusCode, sms.json().code], [422, 'PREVIEW_FAILED']);
    assert.match(sms.json().detail, /CIPHER_FAILED: phone/);
    assert.equal((await ask('operator', `/bills/${bill}/preview.html`)).statusCode, 403);
    assert.equal((await ask('agent', '/bills/999/preview.html')).json().code, 'BILL_NOT_FOUND');
  });
});

describe('a reveal', () => {
  it('opens what is sealed, for a reason, which is recorded', async () => {
    const answer = (await ask('agent', `/bills/${bill}/reveal`, { reason: 'the member called' })).json();
    assert.deepEqual(answer, {
      billId: '42',
      memberId: '9',
      name: '홍길동',
      email: 'gildong@example.com',
      phone: null,
      address: null,
      paymentOwnerName: '홍길동',
      paymentNumber: '1234-5678-9012-3456',
      unreadable: ['phone'],
    });
    const record = await lastRecord();
    assert.deepEqual(
      [record.what, record.reason, record.bills, record.result],
      ['reveal', 'the member called', 1, 'done'],
    );
    assert.doesNotMatch(JSON.stringify(record), /gildong|홍길동/);
  });

  it('opens nothing without a reason, or for others', async () => {
    assert.equal((await ask('agent', `/bills/${bill}/reveal`, {})).json().code, 'REQUEST_INVALID');
    assert.equal(
      (await ask('agent', `/bills/${bill}/reveal`, { reason: ' a ' })).json().code,
      'REQUEST_INVALID',
    );
    assert.equal((await ask('operator', `/bills/${bill}/reveal`, { reason: 'curious' })).statusCode, 403);
    assert.deepEqual((await lastRecord()).result, 'refused');
  });
});
