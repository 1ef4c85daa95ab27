import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { after, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Receipt } from '../../../src/providers/inbound/receipt.ts';
import type { AskedMessage, MessageAnswer, MessagePoll } from '../../../src/providers/receiptPoll.ts';
import { createReceiptPolls } from '../../../src/providers/registry.ts';
import { listen } from '../../support/httpServer.ts';
import { mailgun } from '../../support/standIns/mailgunStandIn.ts';
import { mailStandIns, postmark, ses } from '../../support/standIns/mailStandIns.ts';
import { resend } from '../../support/standIns/resendStandIn.ts';
import type { Reply } from '../../support/standIns/standIn.ts';
import { textStandIns } from '../../support/standIns/textStandIns.ts';

const opened: MessagePoll[] = [];
after(() => Promise.all(opened.map((poll) => poll.stop())));

const twilio = textStandIns.find(({ provider }) => provider === 'twilio') ?? assert.fail();
const vonage = textStandIns.find(({ provider }) => provider === 'vonage') ?? assert.fail();
const sendgrid = mailStandIns.find(({ provider }) => provider === 'sendgrid') ?? assert.fail();
const twilioPath = `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages/m-1.json`;

/** How a provider tells of one message, written from its public documents. */
const providers = [
  {
    standIn: resend,
    path: '/emails/m-1',
    unknown: { status: 404, body: { statusCode: 404, name: 'not_found', message: 'Email not found' } },
    tell: (last_event: unknown) => ({ object: 'email', id: 'm-1', to: ['kim@example.com'], last_event }),
    fates: [
      ['sent', undefined],
      ['delivery_delayed', undefined],
      ['delivered', 'delivered'],
      ['opened', 'delivered'],
      ['bounced', 'bounced_soft'],
      ['suppressed', 'bounced_soft'],
      ['complained', 'complained'],
      ['failed', 'blocked'],
    ],
  },
  {
    standIn: twilio,
    path: twilioPath,
    unknown: { status: 404, body: { code: 20404, message: 'The requested resource was not found' } },
    tell: (fate: unknown) => {
      const [status, error_code = null] = [fate].flat();
      return { sid: 'm-1', to: '+821012345678', status, error_code };
    },
    fates: [
      ['queued', undefined],
      ['sent', undefined],
      ['delivered', 'delivered'],
      [['undelivered', 30005], 'bounced_hard'],
      [['undelivered', 30003], 'bounced_soft'],
      [['failed', 30007], 'blocked'],
    ],
  },
  {
    standIn: ses,
    path: '/v2/email/insights/m-1',
    unknown: { status: 404, body: { message: 'Message m-1 does not exist.' } },
    tell: (event: unknown) => ({
      MessageId: 'm-1',
      Insights: [{ Destination: 'kim@example.com', Events: [{ Type: 'SEND' }, event] }],
    }),
    fates: [
      [{ Type: 'DELIVERY_DELAY' }, undefined],
      [{ Type: 'DELIVERY', Timestamp: 1_795_910_400 }, 'delivered'],
      [bounce('PERMANENT', 'smtp; 550 5.1.1 no such user'), 'bounced_hard'],
      [bounce('PERMANENT', 'smtp; 550 5.7.1 blocked'), 'blocked'],
      [bounce('TRANSIENT', 'smtp; 452 4.2.2 full'), 'bounced_soft'],
      [{ Type: 'COMPLAINT' }, 'complained'],
      [{ Type: 'REJECT' }, 'blocked'],
    ],
  },
  {
    standIn: postmark,
    path: '/messages/outbound/m-1/details',
    unknown: { status: 422, body: { ErrorCode: 701, Message: 'This message was not found' } },
    tell: (event: unknown) => ({
      MessageID: 'm-1',
      Status: 'Sent',
      MessageEvents: event === 'queued' ? [] : [event],
    }),
    fates: [
      ['queued', undefined],
      [postmarkEvent('Transient', 'smtp;452 4.2.2 mailbox full'), undefined],
      [postmarkEvent('Delivered'), 'delivered'],
      [postmarkEvent('Bounced', 'smtp;550 5.1.1 The email account does not exist'), 'bounced_hard'],
      [postmarkEvent('Bounced', 'smtp;550 5.7.1 blocked'), 'blocked'],
      [postmarkEvent('Bounced', 'smtp;550 5.1.8 bad sender'), 'blocked'],
      [postmarkEvent('Bounced', 'smtp;552 5.2.2 mailbox full'), 'bounced_soft'],
      [postmarkEvent('Bounced'), 'bounced_soft'],
    ],
  },
  {
    standIn: mailgun,
    path: '/v3/mg.example.com/events?limit=100&message-id=42.2.EMAIL@mg.example.com',
    unknown: { status: 200, body: { items: [], paging: {} } },
    tell: (event: unknown) => ({
      items: [
        mailgunEvent('accepted', { timestamp: 1_795_910_300.5 }),
        { timestamp: 1_795_910_400.25, recipient: 'kim@example.com', ...Object(event) },
      ],
      paging: { next: 'https://api.mailgun.net/v3/mg.example.com/events/W3' },
    }),
    fates: [
      [mailgunEvent('opened'), undefined],
      [mailgunEvent('failed', { severity: 'temporary' }), undefined],
      [mailgunEvent('delivered'), 'delivered'],
      [mailgunEvent('complained'), 'complained'],
      [mailgunEvent('rejected'), 'blocked'],
      [mailgunFailure({ code: 550, 'enhanced-code': '5.1.1' }), 'bounced_hard'],
      [mailgunFailure({ code: 550, 'enhanced-code': '5.7.26' }), 'blocked'],
      [mailgunFailure({ code: 550, 'enhanced-code': '5.2.2' }), 'bounced_soft'],
      [mailgunFailure({ code: 550, 'enhanced-code': '' }), 'bounced_hard'],
      [mailgunFailure({ code: 605 }, 'suppress-bounce'), 'bounced_hard'],
      [mailgunFailure({ code: 499 }), 'bounced_soft'],
    ],
  },
  {
    standIn: sendgrid,
    path: '/v3/messages?limit=10&query=msg_id%20LIKE%20%27m-1%25%27',
    unknown: { status: 200, body: { messages: [] } },
    tell: (status: unknown) => ({
      messages: [
        {
          msg_id: 'm-1.recvd-7d9-1-65-0.0',
          to_email: 'kim@example.com',
          status,
          last_event_time: '2026-11-28T10:00:00Z',
        },
      ],
    }),
    fates: [
      ['processed', undefined],
      ['deferred', undefined],
      ['delivered', 'delivered'],
      // It does not say why.
      ['not_delivered', 'blocked'],
    ],
  },
  {
    standIn: vonage,
    path: '/v2/reports/records?account_id=abcd&product=MESSAGES&direction=outbound&id=m-1',
    unknown: { status: 200, body: { request_status: 'SUCCESS', ids_not_found: 'm-1', records: [] } },
    tell: (fate: unknown) => {
      const [status, error_code = '0'] = [fate].flat();
      const record = { message_id: 'm-1', client_ref: '42:SMS:2', to: '821012345678', status, error_code };
      return {
        request_status: 'SUCCESS',
        records: [{ ...record, date_finalized: '2026-11-28T10:00:00+0000' }],
      };
    },
    fates: [
      ['accepted', undefined],
      ['submitted', undefined],
      ['delivered', 'delivered'],
      [['undeliverable', '1330'], 'bounced_hard'],
      [['undeliverable', '1320'], 'bounced_soft'],
      [['rejected', '1340'], 'blocked'],
    ],
  },
] as const;

function postmarkEvent(Type: string, Summary?: string) {
  return {
    Type,
    Recipient: 'kim@example.com',
    ReceivedAt: '2026-11-28T10:00:00.0000000Z',
    Details: { Summary },
  };
}

function mailgunEvent(event: string, more: object = {}) {
  return { event, 'user-variables': { billcast_key: '42:EMAIL:2' }, ...more };
}

function mailgunFailure(status: object, reason = 'bounce') {
  return mailgunEvent('failed', { severity: 'permanent', reason, 'delivery-status': status });
}

function bounce(BounceType: string, DiagnosticCode: string) {
  return { Type: 'BOUNCE', Details: { Bounce: { BounceType, BounceSubType: 'General', DiagnosticCode } } };
}

function openPoll({ standIn }: (typeof providers)[number]) {
  return openFor({ ...standIn, isAsked: true });
}

async function openFor({
  provider,
  channel,
  urlSetting,
  settings,
  isAsked,
}: Pick<(typeof providers)[number]['standIn'], 'provider' | 'channel' | 'urlSetting' | 'settings'> & {
  readonly isAsked: boolean;
}) {
  const asked: IncomingMessage[] = [];
  let reply: Reply = { status: 500 };
  const { port } = await listen(
    createServer((request, response) => {
      asked.push(request);
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
    }),
  );
  const config = loadConfig({
    ...settings,
    [urlSetting]: `http://127.0.0.1:${port}`,
    CHANNELS: channel,
    [`PROVIDER_${channel}`]: provider,
    ...(isAsked ? { RECEIPT_RATES: `${provider}:20` } : {}),
  });
  const polls = await createReceiptPolls(config.providerSettings, {
    timeLimitMs: 5_000,
    perSecond: config.receiptRates,
  });
  const [poll] = polls.flatMap((one) => ('readMessage' in one ? [one] : []));
  if (poll !== undefined) opened.push(poll);
  return {
    poll,
    asked,
    answer: (next: Reply) => {
      reply = next;
    },
  };
}

for (const one of providers) {
  const { standIn, path, unknown, tell, fates } = one;
  const message: AskedMessage = {
    billId: '42' as BillId,
    channel: standIn.channel,
    cycle: 2,
    providerId: 'm-1',
  };

  describe(`asking ${standIn.provider} about one message`, async () => {
    const { poll, asked, answer } = await openPoll(one);
    assert.ok(poll !== undefined);

    it('is done by its id, at the rate that is set, with our credentials', async () => {
      answer({ status: 200, body: tell(fates[0][0]) });
      assert.deepEqual(await poll.readMessage(message), { kind: 'told', receipts: [] });
      assert.equal(asked.at(-1)?.url, path);
      const { authorization, 'x-postmark-server-token': token } = asked.at(-1)?.headers ?? {};
      assert.match(authorization ?? `Token ${token}`, /^(Bearer|Basic|AWS4-HMAC-SHA256|Token) \S/);
      assert.deepEqual([poll.channels, poll.betweenMs], [[standIn.channel], 50]);
    });

    it('tells the kind of its receipt, under the key of the attempt', async () => {
      for (const [fate, kind] of fates) {
        answer({ status: 200, body: tell(fate) });
        const told: MessageAnswer = await poll.readMessage(message);
        const receipts: readonly Receipt[] = told.kind === 'told' ? told.receipts : assert.fail(told.cause);
        assert.deepEqual(
          receipts.map((receipt) => receipt.kind),
          kind === undefined ? [] : [kind],
          JSON.stringify(fate),
        );
        const [receipt] = receipts;
        if (receipt === undefined) continue;
        assert.deepEqual(receipt.attempt, { billId: '42', channel: standIn.channel, cycle: 2 });
        assert.equal(receipt.providerId, standIn.provider === 'mailgun' ? undefined : 'm-1');
        assert.equal(
          receipt.at?.getUTCFullYear(),
          JSON.stringify(tell(fate)).match(/2026|17959/) ? 2026 : undefined,
        );
      }
    });

    it('is over for now if it does not know the message', async () => {
      answer(unknown);
      assert.deepEqual(await poll.readMessage(message), { kind: 'told', receipts: [] });
    });

    it('teaches nothing if a proxy or another message answers', async () => {
      for (const reply of [
        { status: 200, body: '<html>Sign in</html>' },
        { status: 200, body: {} },
        { status: 200, body: JSON.stringify(tell(fates[2][0])).replaceAll(/m-1|42(?=:EMAIL)/g, 'm-2') },
        { status: 404, body: 'default backend' },
        { status: 401, body: {} },
      ]) {
        answer(reply);
        assert.equal((await poll.readMessage(message)).kind, 'failed', JSON.stringify(reply));
      }
      answer({ status: 429, headers: { 'retry-after': '7' } });
      const late = await poll.readMessage(message);
      assert.equal(late.kind === 'failed' && late.retryAfterMs, 7_000);
    });
  });
}

it('nobody is asked about single messages without a rate', async () => {
  assert.equal((await openFor({ ...resend, isAsked: false })).poll, undefined);
});
