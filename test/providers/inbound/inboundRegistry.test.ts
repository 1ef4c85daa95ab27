import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type InboundName,
  inboundNames,
  inboundSourceOf,
} from '../../../src/providers/inbound/inboundRegistry.ts';
import { InboundUnreadable } from '../../../src/providers/inbound/inboundSource.ts';
import type { ReceiptKind } from '../../../src/providers/inbound/receipt.ts';
import { inboundSecrets, signedWebhook } from '../../support/signedWebhooks.ts';

/** What a provider sends, by its public documents, and what it says. */
interface Example {
  readonly of: InboundName;
  readonly content: object | string;
  /** Undefined: it is no receipt. */
  readonly kind: ReceiptKind | undefined;
  readonly code?: string;
  readonly url?: string;
}

const address = 'kim@example.com';

function sendgridEvent(facts: object) {
  return [
    {
      email: address,
      timestamp: 1_700_000_000,
      sg_message_id: 'id1.filter01',
      billcast_key: '42:EMAIL:1',
      ...facts,
    },
  ];
}
function sesEvent(facts: object) {
  const mail = { messageId: 'id1', destination: [address], tags: { billcast_key: ['42_EMAIL_1'] } };
  return { Type: 'Notification', Message: JSON.stringify({ mail, ...facts }) };
}
function sesBounce(bounceType: string, status: string) {
  const bouncedRecipients = [{ emailAddress: address, status }];
  return sesEvent({
    eventType: 'Bounce',
    bounce: { bounceType, bounceSubType: 'General', bouncedRecipients },
  });
}
function postmarkEvent(facts: object) {
  return { MessageID: 'id1', Email: address, Metadata: { billcast_key: '42:EMAIL:1' }, ...facts };
}
function mailgunEvent(facts: object) {
  const message = { headers: { 'message-id': 'id1' } };
  return { recipient: address, message, 'user-variables': { billcast_key: '42:EMAIL:1' }, ...facts };
}
function resendEvent(type: string, bounce?: object) {
  const tags = [{ name: 'billcast_key', value: '42-EMAIL-1' }];
  return { type, created_at: '2026-11-28T01:02:03Z', data: { email_id: 'id1', to: [address], tags, bounce } };
}
function vonageStatus(status: string, code?: number) {
  return { message_uuid: 'id1', to: '821012345678', status, client_ref: '42:SMS:1', error: code && { code } };
}
function nhnHook(messageStatus: string, resultCode: string) {
  const hook = { requestId: 'id1', recipientNo: '01012345678', messageStatus, resultCode };
  return { event: 'MESSAGE_RESULT_UPDATE', hooks: [{ ...hook, recipientGroupingKey: '42:SMS:1' }] };
}
function solapiReport(statusCode: string) {
  return [{ messageId: 'id1', to: '01012345678', statusCode, customFields: { key: '42:SMS:1' } }];
}
const twilioUrl = 'https://billcast.example/inbound/twilio?key=42:SMS:1';
function twilioForm(status: string, error = '') {
  return new URLSearchParams({
    MessageSid: 'id1',
    MessageStatus: status,
    ErrorCode: error,
    To: '+821012345678',
  }).toString();
}
function ownReceipts(facts: object) {
  return { receipts: [{ key: '42:EMAIL:1', id: 'id1', to: address, ...facts }] };
}

const examples: readonly Example[] = [
  { of: 'http', content: ownReceipts({ kind: 'delivered' }), kind: 'delivered' },
  {
    of: 'http',
    content: ownReceipts({ kind: 'bounced_hard', code: '550 5.1.1 no such user kim@example.com' }),
    kind: 'bounced_hard',
    code: '550 5.1.1',
  },
  { of: 'resend', content: resendEvent('email.delivered'), kind: 'delivered' },
  { of: 'resend', content: resendEvent('email.opened'), kind: undefined },
  {
    of: 'resend',
    content: resendEvent('email.bounced', { type: 'Permanent', subType: 'General' }),
    kind: 'bounced_hard',
    code: 'Permanent General',
  },
  { of: 'resend', content: resendEvent('email.bounced', { type: 'Transient' }), kind: 'bounced_soft' },
  {
    of: 'resend',
    content: resendEvent('email.bounced', { type: 'Permanent', message: '550 5.7.1 spam' }),
    kind: 'blocked',
  },
  { of: 'resend', content: resendEvent('email.complained'), kind: 'complained' },
  { of: 'resend', content: resendEvent('email.suppressed'), kind: 'bounced_soft' },
  { of: 'postmark', content: postmarkEvent({ RecordType: 'Delivery' }), kind: 'delivered' },
  {
    of: 'postmark',
    content: postmarkEvent({ RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1 }),
    kind: 'bounced_hard',
    code: 'HardBounce 1',
  },
  {
    of: 'postmark',
    content: postmarkEvent({ RecordType: 'Bounce', Type: 'SoftBounce' }),
    kind: 'bounced_soft',
  },
  { of: 'postmark', content: postmarkEvent({ RecordType: 'Bounce', Type: 'Blocked' }), kind: 'blocked' },
  {
    of: 'postmark',
    content: postmarkEvent({ RecordType: 'Bounce', Type: 'AutoResponder' }),
    kind: undefined,
  },
  { of: 'postmark', content: postmarkEvent({ RecordType: 'SpamComplaint' }), kind: 'complained' },
  { of: 'sendgrid', content: sendgridEvent({ event: 'delivered' }), kind: 'delivered' },
  {
    of: 'sendgrid',
    content: sendgridEvent({ event: 'bounce', type: 'bounce', status: '5.1.1' }),
    kind: 'bounced_hard',
    code: 'bounce 5.1.1',
  },
  {
    of: 'sendgrid',
    content: sendgridEvent({ event: 'bounce', type: 'bounce', status: '5.2.2' }),
    kind: 'bounced_soft',
  },
  {
    of: 'sendgrid',
    content: sendgridEvent({ event: 'bounce', type: 'blocked', status: '4.7.1' }),
    kind: 'blocked',
  },
  { of: 'sendgrid', content: sendgridEvent({ event: 'deferred' }), kind: undefined },
  { of: 'mailgun', content: mailgunEvent({ event: 'delivered' }), kind: 'delivered' },
  {
    of: 'mailgun',
    content: mailgunEvent({
      event: 'failed',
      severity: 'permanent',
      'delivery-status': { code: 550, 'enhanced-code': '5.1.1' },
    }),
    kind: 'bounced_hard',
    code: '550 5.1.1',
  },
  { of: 'mailgun', content: mailgunEvent({ event: 'failed', severity: 'temporary' }), kind: undefined },
  { of: 'mailgun', content: mailgunEvent({ event: 'complained' }), kind: 'complained' },
  { of: 'ses', content: sesEvent({ eventType: 'Delivery' }), kind: 'delivered' },
  {
    of: 'ses',
    content: sesBounce('Permanent', '5.1.1'),
    kind: 'bounced_hard',
    code: 'Permanent General 5.1.1',
  },
  { of: 'ses', content: sesBounce('Permanent', '5.7.1'), kind: 'blocked' },
  { of: 'ses', content: sesBounce('Transient', '4.4.7'), kind: 'bounced_soft' },
  { of: 'ses', content: sesEvent({ eventType: 'Send' }), kind: undefined },
  { of: 'twilio', url: twilioUrl, content: twilioForm('delivered'), kind: 'delivered' },
  {
    of: 'twilio',
    url: twilioUrl,
    content: twilioForm('undelivered', '30005'),
    kind: 'bounced_hard',
    code: 'undelivered 30005',
  },
  { of: 'twilio', url: twilioUrl, content: twilioForm('failed', '30007'), kind: 'blocked' },
  { of: 'twilio', url: twilioUrl, content: twilioForm('sent'), kind: undefined },
  { of: 'vonage', content: vonageStatus('delivered'), kind: 'delivered' },
  {
    of: 'vonage',
    content: vonageStatus('undeliverable', 1330),
    kind: 'bounced_hard',
    code: 'undeliverable 1330',
  },
  { of: 'vonage', content: vonageStatus('rejected'), kind: 'blocked' },
  { of: 'vonage', content: vonageStatus('submitted'), kind: undefined },
  { of: 'solapi', content: solapiReport('4000'), kind: 'delivered' },
  { of: 'solapi', content: solapiReport('3104'), kind: 'bounced_hard', code: '3104' },
  { of: 'solapi', content: solapiReport('3040'), kind: 'bounced_soft', code: '3040' },
  { of: 'solapi', content: solapiReport('3105'), kind: 'blocked', code: '3105' },
  { of: 'solapi', content: solapiReport('3000'), kind: undefined },
  { of: 'nhn-cloud', content: nhnHook('COMPLETED', '1000'), kind: 'delivered' },
  { of: 'nhn-cloud', content: nhnHook('FAILED', '2001'), kind: 'bounced_soft', code: 'FAILED 2001' },
  {
    of: 'nhn-cloud',
    content: { event: 'UNSUBSCRIBE', hooks: [{ recipientNo: '01012345678' }] },
    kind: undefined,
  },
];

describe('a webhook', () => {
  it('has examples of each provider', () => {
    assert.deepEqual([...new Set(examples.map(({ of }) => of))].sort(), [...inboundNames].sort());
  });

  for (const { of, content, kind, code, url } of examples) {
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
    const example = examples.find(({ of, kind }) => of === name && kind !== undefined);
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
      const example = examples.find(({ of }) => of === name);
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
