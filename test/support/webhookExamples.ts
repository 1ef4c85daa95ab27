import type { InboundName } from '../../src/providers/inbound/inboundRegistry.ts';
import type { ReceiptKind } from '../../src/providers/inbound/receipt.ts';

/** What a provider sends, by its public documents, and what it says. */
export interface WebhookExample {
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
export function nhnHook(messageStatus: string, resultCode: string) {
  const hook = { requestId: 'id1', recipientNo: '01012345678', messageStatus, resultCode };
  return { event: 'MESSAGE_RESULT_UPDATE', hooks: [{ ...hook, recipientGroupingKey: '42:SMS:1' }] };
}
export function solapiReport(statusCode: string) {
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

export const webhookExamples: readonly WebhookExample[] = [
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
