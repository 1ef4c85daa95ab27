import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inboundNames, inboundSourceOf } from '../../../src/providers/inbound/inboundRegistry.ts';
import { InboundUnreadable } from '../../../src/providers/inbound/inboundSource.ts';
import { inboundSecrets, signedWebhook } from '../../support/signedWebhooks.ts';
import { nhnHook, solapiReport, webhookExamples } from '../../support/webhookExamples.ts';

describe('a webhook', () => {
  it('has examples of each provider', () => {
    assert.deepEqual([...new Set(webhookExamples.map(({ of }) => of))].sort(), [...inboundNames].sort());
  });

  for (const { of, content, kind, code, url } of webhookExamples) {
    it(`of ${of}: ${JSON.stringify(content).slice(0, 90)}`, () => {
      const request = signedWebhook(of, content, url === undefined ? {} : { url });
      const source = inboundSourceOf(of);
      assert.equal(source.isGenuine(request, inboundSecrets[of]), true);
      const { receipts, ignored } = source.read(request);
      assert.deepEqual([receipts.length, ignored], kind === undefined ? [0, 1] : [1, 0]);
      const [receipt] = receipts;
      assert.equal(receipt?.kind, kind);
      if (code !== undefined) assert.equal(receipt?.code, code);
      if (receipt === undefined) return;
      const channel = ['twilio', 'vonage', 'nhn-cloud', 'solapi'].includes(of) ? 'SMS' : 'EMAIL';
      assert.deepEqual(receipt.attempt, { billId: '42', channel, cycle: 1 });
      assert.equal(receipt.providerId, 'id1');
      assert.ok(receipt.recipient !== undefined && receipt.recipient !== '');
    });
  }

  it('of an AlimTalk of NHN Cloud names the message within its request', () => {
    const { event, hooks } = nhnHook('COMPLETED', '1000');
    const numbered = hooks.map((hook) => ({ ...hook, recipientSeq: 7 }));
    const content = { productName: 'KakaoTalk Bizmessage', event, hooks: numbered };
    const { receipts } = inboundSourceOf('nhn-cloud').read(signedWebhook('nhn-cloud', content));
    assert.equal(receipts[0]?.providerId, 'id1.7');
    const unnumbered = signedWebhook('nhn-cloud', { ...content, hooks });
    assert.equal(inboundSourceOf('nhn-cloud').read(unnumbered).receipts[0]?.providerId, undefined);
  });

  it('of a whole group of SOLAPI is none', () => {
    const { body, url } = signedWebhook('solapi', solapiReport('4000'));
    const headers = { 'x-solapi-event-name': 'GROUP-REPORT' };
    const { receipts, ignored } = inboundSourceOf('solapi').read({ body, url, headers });
    assert.deepEqual([receipts.length, ignored], [0, 1]);
  });
});

/** The same webhook about another bill: Mailgun's signature, which stands in front, may have a 42 too. */
function aboutAnother(body: string): Buffer {
  const start = Math.max(0, body.indexOf('event-data'));
  return Buffer.from(body.slice(0, start) + body.slice(start).replace('42', '43').replace('id1', 'id2'));
}

describe('the signature of a webhook', () => {
  for (const name of inboundNames) {
    const example = webhookExamples.find(({ of, kind }) => of === name && kind !== undefined);
    if (example === undefined) throw new RangeError(`no example of ${name}`);
    const { content, url } = example;
    const options = url === undefined ? {} : { url };
    const source = inboundSourceOf(name);
    const secret = inboundSecrets[name];

    it(`of ${name} counts with its own secret only`, () => {
      const request = signedWebhook(name, content, options);
      const others: Readonly<Record<string, string>> = {
        http: inboundSecrets.resend,
        resend: inboundSecrets.http,
        sendgrid: inboundSecrets.http,
      };
      assert.equal(source.isGenuine(request, others[name] ?? `${secret}x`), false);
    });

    it(`of ${name} is missing without its headers, or with another body`, () => {
      const request = signedWebhook(name, content, options);
      const body = aboutAnother(request.body.toString());
      const isInBody = name === 'mailgun';
      const plain = ['postmark', 'ses', 'nhn-cloud', 'mailgun', 'solapi'].includes(name);
      assert.equal(source.isGenuine({ ...request, headers: {} }, secret), isInBody);
      assert.equal(source.isGenuine({ ...request, body }, secret), plain);
    });
  }

  it('is too old after five minutes', () => {
    const at = new Date(Date.now() - 301_000);
    for (const name of ['http', 'resend', 'sendgrid', 'mailgun', 'vonage'] as const) {
      const example = webhookExamples.find(({ of }) => of === name);
      const request = signedWebhook(name, example?.content ?? {}, { at });
      assert.equal(inboundSourceOf(name).isGenuine(request, inboundSecrets[name]), false, name);
    }
  });

  it('looks in INBOUND_SECRETS as the examples here do', () => {
    for (const name of inboundNames) {
      assert.match(inboundSecrets[name], inboundSourceOf(name).secret.pattern, name);
    }
  });
});

describe('a webhook that cannot be read', () => {
  for (const name of inboundNames.filter((other) => other !== 'twilio')) {
    it(`of ${name} says so`, () => {
      const url = new URL('https://billcast.example/');
      for (const body of ['<html>', 'null', '7', '{"a":1']) {
        const request = { headers: {}, body: Buffer.from(body), url };
        assert.throws(() => inboundSourceOf(name).read(request), InboundUnreadable, body);
      }
    });
  }
});
