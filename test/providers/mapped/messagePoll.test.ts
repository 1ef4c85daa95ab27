import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import { after, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Receipt } from '../../../src/providers/inbound/receipt.ts';
import type { AskedMessage, MessageAnswer, MessagePoll } from '../../../src/providers/receiptPoll.ts';
import { createReceiptPolls } from '../../../src/providers/registry.ts';
import { listen } from '../../support/httpServer.ts';
import { ses } from '../../support/standIns/mailStandIns.ts';
import { resend } from '../../support/standIns/resendStandIn.ts';
import type { Reply } from '../../support/standIns/standIn.ts';
import { textStandIns } from '../../support/standIns/textStandIns.ts';

const opened: MessagePoll[] = [];
after(() => Promise.all(opened.map((poll) => poll.stop())));

const twilio = textStandIns.find(({ provider }) => provider === 'twilio') ?? assert.fail();
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
] as const;

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
      assert.match(asked.at(-1)?.headers.authorization ?? '', /^(Bearer|Basic|AWS4-HMAC-SHA256) /);
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
        assert.equal(receipt.providerId, 'm-1');
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
        { status: 200, body: JSON.stringify(tell(fates[2][0])).replaceAll('m-1', 'm-2') },
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
