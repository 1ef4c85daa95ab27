import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { InboundName } from '../../../src/providers/inbound/inboundRegistry.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { inboundSecrets, signedWebhook } from '../../support/signedWebhooks.ts';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

const environment = {
  API_TOKENS: everyToken,
  INBOUND_SECRETS: `http:${inboundSecrets.http},twilio:${inboundSecrets.twilio}`,
  INBOUND_URL: 'https://billcast.example/',
};

async function poster() {
  const app = await createTestApi({ database: test.database, environment });
  const post = async (name: InboundName, content: object | string, path = `/inbound/${name}`) => {
    const { headers, body } = signedWebhook(name, content, { url: `https://billcast.example${path}` });
    return app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
  };
  return { app, post };
}

function stored() {
  return ask<[string]>(
    test.database,
    `select concat_ws(' ', bill_id, channel, cycle, kind, provider, came_by, code, times)
     from bill_receipt order by bill_id, kind`,
  ).then((rows) => rows.map(([line]) => line));
}

describe('POST /inbound/:provider', () => {
  it('stores receipts by their attempt, once however often they come', async () => {
    const { billId } = await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    const { app, post } = await poster();
    const key = `${billId}:EMAIL:1`;
    const receipts = [
      { key, kind: 'delivered', to: 'kim@example.com' },
      { key, kind: 'bounced_hard', code: '550 5.1.1 kim@example.com', to: 'kim@example.com' },
      { key, kind: 'delivered' },
    ];
    const first = await post('http', { receipts });
    assert.deepEqual([first.statusCode, first.json()], [200, { fresh: 2, repeated: 0, ignored: 0 }]);
    assert.deepEqual((await post('http', { receipts })).json(), { fresh: 0, repeated: 2, ignored: 0 });
    assert.deepEqual(await stored(), [
      `${billId} EMAIL 1 bounced_hard http webhook 550 5.1.1 2`,
      `${billId} EMAIL 1 delivered http webhook 2`,
    ]);
    const bill = await app.inject({ url: `/api/v1/bills/${billId}`, headers: bearer('agent') });
    assert.deepEqual(
      bill.json().receipts.map(({ kind, times }: { kind: string; times: number }) => [kind, times]),
      [
        ['bounced_hard', 2],
        ['delivered', 2],
      ],
    );
    const metrics = await app.inject({ url: '/metrics', headers: bearer('viewer') });
    assert.match(
      metrics.body,
      /^billcast_receipts_total\{channel="EMAIL",provider="http",kind="bounced_hard"\} 1$/m,
    );
    assert.match(bill.json().timeline.at(-1).text, /a receipt says that it arrived .*webhook of http/);
    assert.equal(bill.body.includes('kim@'), false);
  });

  it('stores a receipt without its time if no database can hold that time', async () => {
    const { billId } = await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    const { post } = await poster();
    const times = ['-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', -1e15, 8.64e15, null];
    const receipts = times.map((at, index) => ({
      key: `${billId}:EMAIL:${index + 1}`,
      kind: 'delivered',
      at,
    }));
    const answer = await post('http', { receipts });
    assert.deepEqual([answer.statusCode, answer.json()], [200, { fresh: 5, repeated: 0, ignored: 0 }]);
    const kept = await ask(test.database, 'select 1 from bill_receipt where happened_at is not null');
    assert.equal(kept.length, 0);
  });

  it('keeps what names a bill that is not there, and what has only an id', async () => {
    const { post } = await poster();
    const receipts = [
      { key: '99:SMS:7', kind: 'complained' },
      { id: 'provider-1', kind: 'delivered', to: '010-1234-5678' },
      // The provider made the id of the number. The journal has it without the number, as many others.
      { id: 'm-01012345678', kind: 'delivered', to: '010-1234-5678' },
      { id: 'm-01012345678', kind: 'delivered' },
      { kind: 'delivered' },
    ];
    assert.deepEqual((await post('http', { receipts })).json(), { fresh: 2, repeated: 0, ignored: 3 });
    assert.deepEqual(await stored(), ['99 SMS 7 complained http webhook 1']);
    const unmatched = await ask(
      test.database,
      'select provider_id, kind, address_hash is not null from unmatched_receipt',
    );
    assert.deepEqual(unmatched, [['provider-1', 'delivered', true]]);
  });

  it('reads forms, and checks the address that was called by INBOUND_URL', async () => {
    const { post } = await poster();
    const form = 'MessageSid=SM1&MessageStatus=delivered&To=%2B821012345678';
    const answer = await post('twilio', form, '/inbound/twilio?key=42:SMS:1');
    assert.deepEqual(answer.json(), { fresh: 1, repeated: 0, ignored: 0 });
    assert.deepEqual(await stored(), ['42 SMS 1 delivered twilio webhook 1']);
  });

  it('refuses what is not signed, of a provider without a secret, or unreadable', async () => {
    const { app, post } = await poster();
    const payload = { receipts: [{ key: '42:EMAIL:1', kind: 'delivered' }] };
    const unsigned = await app.inject({ method: 'POST', url: '/inbound/http', payload });
    assert.deepEqual([unsigned.statusCode, unsigned.json().code], [401, 'SIGNATURE_WRONG']);
    for (const name of ['postmark', 'pigeon']) {
      const answer = await app.inject({ method: 'POST', url: `/inbound/${name}`, payload });
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'NOT_FOUND']);
      assert.match(answer.json().detail, new RegExp(`no secret for ${name}`));
    }
    const unreadable = await post('http', { receipts: [{ kind: 'eaten' }] });
    assert.deepEqual([unreadable.statusCode, unreadable.json().code], [400, 'BODY_UNREADABLE']);
    assert.deepEqual(await stored(), []);
  });
});
