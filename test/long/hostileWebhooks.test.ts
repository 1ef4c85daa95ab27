import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { type InboundName, inboundNames } from '../../src/providers/inbound/inboundRegistry.ts';
import { applyReceipts } from '../../src/sweeper/applyReceipts.ts';
import { ask } from '../support/ask.ts';
import { deep, hostileValues, mark, withHoles } from '../support/hostileValues.ts';
import { billIdOf, emptyTables, insertNotification } from '../support/notifications.ts';
import { inboundSecrets, type SignedOptions, signedWebhook } from '../support/signedWebhooks.ts';
import { bearer, createTestApi, everyToken } from '../support/testApi.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';
import { webhookExamples } from '../support/webhookExamples.ts';

const test = useTestDatabase();
/** SNS writes its message as text within the JSON. */
function opened(content: object): unknown {
  return 'Message' in content && typeof content.Message === 'string'
    ? { ...content, Message: JSON.parse(content.Message) }
    : content;
}
function closed(text: string, content: object): string[] {
  if (!('Message' in content)) return [text];
  const [, message] = /^\{"Type":"Notification","Message":(.*)\}$/s.exec(text) ?? [];
  return message === undefined ? [text] : [`{"Type":"Notification","Message":${JSON.stringify(message)}}`];
}

function bodiesOf(content: object): string[] {
  return withHoles(opened(content)).flatMap((text) => closed(text, content));
}

describe('webhooks that are signed and hostile', () => {
  let api: ApiApp;
  before(async () => {
    await emptyTables(test.database);
    await insertNotification(test.database, { billId: billIdOf(42), sendStatus: 'DELIVERED' });
    const secrets = inboundNames.map((name) => `${name}:${inboundSecrets[name]}`).join(',');
    const environment = {
      API_TOKENS: everyToken,
      INBOUND_SECRETS: secrets,
      INBOUND_URL: 'https://billcast.example',
    };
    api = await createTestApi({ database: test.database, environment });
  });

  /** What is wrong with the answer, if anything. */
  async function faultOf(name: InboundName, content: object | string, options: SignedOptions = {}) {
    const { headers, body: payload, url } = signedWebhook(name, content, options);
    const { statusCode, body } = await api.inject({
      method: 'POST',
      url: url.pathname + url.search,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });
    const isFine = statusCode < 500 && !body.includes(mark);
    return isFine ? [] : [`${statusCode} ${body} for ${payload.toString().slice(0, 300)}`];
  }

  for (const name of inboundNames.filter((other) => other !== 'twilio')) {
    it(`of ${name} are refused or understood, and nothing of them is said back`, async () => {
      const { content } = webhookExamples.findLast(({ of, code }) => of === name && code !== undefined) ?? {};
      const found: string[] = [];
      for (const text of bodiesOf(Object(content))) {
        if (name !== 'mailgun') found.push(...(await faultOf(name, text)));
        // Its signature is within the body. What is nested too deep for a test to write is left out.
        else if (text.length < deep) found.push(...(await faultOf(name, JSON.parse(text))));
      }
      assert.deepEqual(found.slice(0, 5), []);
    });
  }

  it('of twilio are refused or understood, and nothing of them is said back', async () => {
    const { content } = webhookExamples.find(({ of, code }) => of === 'twilio' && code !== undefined) ?? {};
    const found: string[] = [];
    for (const value of [...hostileValues, '%', '%ff%00', '\u0000', '\ud800', mark]) {
      for (const field of ['MessageSid', 'MessageStatus', 'ErrorCode', 'To']) {
        const form = new URLSearchParams(String(content));
        form.append(field, value);
        found.push(...(await faultOf('twilio', String(form))));
        form.set(field, value);
        found.push(...(await faultOf('twilio', String(form))));
      }
      const key = encodeURIComponent(value.toWellFormed()).slice(0, 2_000);
      const url = `https://billcast.example/inbound/twilio?key=${key}`;
      found.push(...(await faultOf('twilio', String(content), { url })));
    }
    assert.deepEqual(found.slice(0, 5), []);
  });

  it('leave nothing that the sweeper or an answer stumbles over', async () => {
    const rows = await ask<[number]>(test.database, 'select count(*)::int from bill_receipt');
    assert.ok((rows[0]?.[0] ?? 0) > 3, String(rows));
    await ask(
      test.database,
      'update bill_receipt set look_at = now(); update unmatched_receipt set look_at = now()',
    );
    await applyReceipts(sweepDepsOf(test.database), { forMs: 60_000 });
    for (const url of ['/api/v1/bills/42', '/api/v1/status', '/metrics']) {
      const { statusCode, body } = await api.inject({ url, headers: bearer('agent') });
      assert.ok(statusCode < 500, `${url} ${statusCode} ${body}`);
    }
  });
});
