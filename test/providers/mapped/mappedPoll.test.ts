import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Receipt } from '../../../src/providers/inbound/receipt.ts';
import { createRecipientMarks } from '../../../src/providers/mapped/recipientMark.ts';
import type { PollSpan, ReceiptPoll } from '../../../src/providers/receiptPoll.ts';
import { createReceiptPolls } from '../../../src/providers/registry.ts';
import {
  type ListedMessage,
  type ListStandIn,
  listStandIns,
  runListStandIn,
} from '../../support/standIns/listStandIns.ts';

const opened: ReceiptPoll[] = [];
after(() => Promise.all(opened.map((poll) => poll.stop())));

const start = Date.parse('2026-11-28T01:00:00Z');
const became = ['delivered', 'failed', 'open'] as const;

function messageOf(index: number, { channel }: ListStandIn): ListedMessage {
  return {
    key: index % 10 === 9 ? `order-${index}` : `${index + 1}:${channel}:1`,
    id: `id-${index}`,
    to: `0101234${String(index).padStart(4, '0')}`,
    at: new Date(start + index * 1_000),
    became: became[index % 3] ?? 'open',
  };
}

async function open(standIn: ListStandIn, messages: readonly ListedMessage[]) {
  const running = await runListStandIn(standIn, messages);
  const config = loadConfig({
    ...standIn.settings,
    [standIn.urlSetting]: running.url,
    CHANNELS: standIn.channel,
    [`PROVIDER_${standIn.channel}`]: standIn.provider,
  });
  const [poll, ...others] = await createReceiptPolls(config.providerSettings, {
    timeLimitMs: 5_000,
    perSecond: {},
  });
  assert.ok(poll !== undefined && others.length === 0, 'only lists of the channels that are used');
  assert.ok('readPage' in poll);
  opened.push(poll);
  return { poll, running, config };
}

async function readAll(poll: ReceiptPoll, span: PollSpan) {
  const receipts: Receipt[] = [];
  let pages = 0;
  let ignored = 0;
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const answer = await poll.readPage(span, page);
    assert.equal(answer.kind, 'page');
    if (answer.kind !== 'page') break;
    receipts.push(...answer.receipts);
    ignored += answer.ignored;
    page = answer.next;
    pages += 1;
  }
  return { receipts, pages, ignored };
}

const wholeSpan = { from: new Date(start), until: new Date(start + 3_600_000) };

for (const standIn of listStandIns) {
  const { provider, channel, size } = standIn;
  const hasKey = ['solapi', 'nhn-sms', 'nhn-email'].includes(provider);

  describe(`the list of ${provider}`, () => {
    it('is read page by page, and only our messages whose fate is known are receipts', async () => {
      const messages = Array.from({ length: size + 50 }, (_, index) => messageOf(index, standIn));
      const { poll, config } = await open(standIn, messages);
      const { receipts, pages, ignored } = await readAll(poll, wholeSpan);
      assert.ok(pages === 2 || (provider === 'nhn-alimtalk' && pages === 3), `${pages} pages`);
      const ours = messages.filter(
        ({ became: kind, key }) => kind !== 'open' && (!hasKey || !key.startsWith('order')),
      );
      assert.equal(receipts.length, ours.length);
      assert.equal(ignored, messages.length - ours.length);
      const { marks } = createRecipientMarks(config.cipher.keys.map(({ key }) => key));
      for (const [index, receipt] of receipts.entries()) {
        const message = ours[index];
        assert.ok(message !== undefined);
        assert.equal(receipt.kind === 'delivered', message.became === 'delivered');
        assert.equal(receipt.at?.getTime(), message.at.getTime());
        const billId = message.key.split(':')[0];
        assert.deepEqual(receipt.attempt, hasKey ? { billId, channel, cycle: 1 } : undefined);
        const id = { sens: `${message.id}.${marks(message.to)[0]}`, 'nhn-alimtalk': `${message.id}.7` }[
          provider
        ];
        assert.equal(receipt.providerId, id ?? message.id);
      }
    });

    it('is asked for what changed within a span', async () => {
      const messages = Array.from({ length: 600 }, (_, index) => messageOf(3 * index, standIn));
      const { poll } = await open(standIn, messages);
      const span = { from: new Date(start + 60_000), until: new Date(start + 120_000) };
      const { receipts } = await readAll(poll, span);
      assert.equal(receipts[0]?.at?.getTime(), start + 60_000);
      assert.equal(receipts.at(-1)?.at?.getTime(), start + 120_000);
    });

    it('teaches nothing if a proxy, or a server with a fault, answers', async () => {
      const { poll, running } = await open(standIn, [messageOf(0, standIn)]);
      for (const reply of [
        { status: 200, body: '<html>Sign in</html>' },
        { status: 200, body: {} },
        { status: 502, body: 'Bad Gateway' },
        { status: 401, body: { errorCode: 'SignatureDoesNotMatch' } },
      ]) {
        running.answerOnce(reply);
        const answer = await poll.readPage(wholeSpan, undefined);
        assert.equal(answer.kind, 'failed', JSON.stringify(reply));
      }
      running.answerOnce({ status: 429, headers: { 'retry-after': '7' } });
      const late = await poll.readPage(wholeSpan, undefined);
      assert.equal(late.kind === 'failed' && late.retryAfterMs, 7_000);
      assert.equal((await poll.readPage(wholeSpan, undefined)).kind, 'page');
    });
  });
}

describe('an empty list without proof', () => {
  it('is told apart from one with proof', async () => {
    const [solapi, sens] = listStandIns;
    const empty = await (await open(sens, [])).poll.readPage(wholeSpan, undefined);
    assert.equal(empty.kind, 'empty');
    const proven = await (await open(solapi, [])).poll.readPage(wholeSpan, undefined);
    assert.deepEqual(proven.kind === 'page' && [proven.receipts, proven.next], [[], undefined]);
  });
});

describe('the mark of a recipient', () => {
  it('is the same however the number is written, and another with another key', () => {
    const [one, two] = [
      createRecipientMarks([Buffer.alloc(32, 1)]),
      createRecipientMarks([Buffer.alloc(32, 2)]),
    ];
    assert.equal(one.mark('010-1234-5678'), one.mark('+821012345678'));
    assert.notEqual(one.mark('01012345678'), two.mark('01012345678'));
    const both = createRecipientMarks([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);
    assert.deepEqual(both.marks('01012345678'), [one.mark('01012345678'), two.mark('01012345678')]);
    assert.match(one.mark('01012345678') ?? '', /^[\w-]{12}$/);
    assert.equal(createRecipientMarks([]).mark('01012345678'), undefined);
  });
});
