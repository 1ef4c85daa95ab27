import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { selectPollStandings } from '../../../src/db/receiptPolls.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { ReceiptMeter } from '../../../src/metrics/receiptMeter.ts';
import { checkPolls } from '../../../src/operations/doctor/checkReceipts.ts';
import { freshMessageMemory, messageRound } from '../../../src/operations/polling/messageRound.ts';
import { sweepNow } from '../../../src/operations/sweepNow.ts';
import { createAddressHasher } from '../../../src/policy/addressHasher.ts';
import type { ReceiptKind } from '../../../src/providers/inbound/receipt.ts';
import type { AskedMessage, MessageAnswer, MessagePoll } from '../../../src/providers/receiptPoll.ts';
import { ask, askValue } from '../../support/ask.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { listen } from '../../support/httpServer.ts';
import { billIdOf, emptyTables, insertNotification, standingOf } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const minuteMs = 60_000;

/** A bill that the provider accepted under `id-<bill>`. */
async function insertAccepted(
  bill: number,
  { minutesAgo = 5, provider = 'acme' }: { readonly minutesAgo?: number; readonly provider?: string } = {},
): Promise<void> {
  const { billId, token } = await insertNotification(db.database, {
    billId: billIdOf(bill),
    sendStatus: 'DELIVERED',
    handedOffMsAgo: minutesAgo * minuteMs,
  });
  await ask(db.database, 'update bill_notification set provider = $2 where bill_id = $1', [billId, provider]);
  await ask(
    db.database,
    `insert into delivery_attempt
       (bill_id, claim_token, outcome, cycle, channel, applied, provider_id, actor, started_at, finished_at, provider)
     values ($1, $2, 'ACCEPTED', 1, 'EMAIL', true, $3, 'test', now(), now(), $4)`,
    [billId, token, `id-${bill}`, provider],
  );
}

interface ProviderOptions {
  readonly betweenMs?: number;
  readonly answer?: (message: AskedMessage) => ReceiptKind | 'open' | 'failed' | 'down';
}

function providerOf({ betweenMs = 1, answer = () => 'delivered' }: ProviderOptions = {}) {
  const asked: string[] = [];
  const poll: MessagePoll = {
    provider: 'acme',
    name: 'messages',
    channels: ['EMAIL'],
    betweenMs,
    readMessage(message) {
      asked.push(message.providerId);
      return Promise.resolve(answerOf(message, answer(message)));
    },
    stop: () => Promise.resolve(),
  };
  return { poll, asked };
}

function answerOf(message: AskedMessage, said: ReceiptKind | 'open' | 'failed' | 'down'): MessageAnswer {
  if (said === 'failed' || said === 'down') {
    return { kind: 'failed', cause: 'HTTP 502', retryAfterMs: undefined };
  }
  const { providerId, ...attempt } = message;
  return { kind: 'told', receipts: said === 'open' ? [] : [{ kind: said, attempt, providerId }] };
}

function receiving() {
  return { database: db.database, addressHasher: createAddressHasher([]), receiptMeter: new ReceiptMeter() };
}

/** Works until a pass is over. */
async function pass(poll: MessagePoll, { roundMs = 60_000, window = 20_000 } = {}): Promise<number> {
  const memory = freshMessageMemory();
  let fresh = 0;
  for (let round = 0; round < 50; round++) {
    const report = await messageRound(receiving(), poll, { memory, roundMs, window });
    fresh += report.fresh;
    if (report.isLatest) return fresh;
  }
  throw new RangeError('it does not end');
}

/** As if the last pass had begun so long ago. */
function wait(minutes: number) {
  return ask(
    db.database,
    `update receipt_poll set read_until = read_until - $1::float8 * interval '1 minute',
       pass_until = pass_until - $1::float8 * interval '1 minute'`,
    [minutes],
  ).then(() =>
    ask(
      db.database,
      `update bill_notification set handed_off_at = handed_off_at - $1::float8 * interval '1 minute'`,
      [minutes],
    ),
  );
}

describe('a provider that tells of single messages', () => {
  it('is asked about each of its own that is accepted, and of which nothing is known', async () => {
    await insertAccepted(1);
    await insertAccepted(2, { provider: 'smtp' });
    await insertAccepted(3, { minutesAgo: 1 });
    await insertAccepted(4);
    await insertNotification(db.database, { billId: billIdOf(5), sendStatus: 'IN_DOUBT' });
    const { poll, asked } = providerOf({
      answer: ({ billId }) => (billId === '4' ? 'bounced_soft' : 'delivered'),
    });
    assert.equal(await pass(poll), 2);
    assert.deepEqual(asked, ['id-1', 'id-4']);
    assert.deepEqual(
      await ask(
        db.database,
        'select bill_id::int, cycle, channel, kind, provider, came_by, provider_id from bill_receipt order by 1',
      ),
      [
        [1, 1, 'EMAIL', 'delivered', 'acme', 'poll', 'id-1'],
        [4, 1, 'EMAIL', 'bounced_soft', 'acme', 'poll', 'id-4'],
      ],
    );
  });

  it('is asked again later and later while nothing is decided, and never after a receipt', async () => {
    await insertAccepted(1, { minutesAgo: 2 });
    await insertAccepted(2, { minutesAgo: 2 });
    const { poll, asked } = providerOf({ answer: ({ billId }) => (billId === '1' ? 'open' : 'delivered') });
    const perPass: number[] = [];
    for (const minutes of [0, 2, 7, 30, 30, 300, 60, 1_010, 3_000, 9_000]) {
      await wait(minutes);
      const before = asked.length;
      await pass(poll);
      perPass.push(asked.length - before);
    }
    assert.deepEqual(perPass, [2, 0, 1, 0, 1, 1, 0, 1, 1, 0]);
    assert.equal(asked.filter((id) => id === 'id-2').length, 1);
  });

  it('is asked by another process if one has died', async () => {
    for (let bill = 1; bill <= 6; bill++) await insertAccepted(bill);
    const { poll, asked } = providerOf({ betweenMs: 10 });
    const first = await messageRound(receiving(), poll, { memory: freshMessageMemory(), roundMs: 30 });
    assert.ok(!first.isLatest && first.fresh >= 1 && first.fresh <= 3, String(first.fresh));
    await pass(poll, { window: 2 });
    assert.deepEqual(asked, ['id-1', 'id-2', 'id-3', 'id-4', 'id-5', 'id-6']);
  });

  it('is asked no faster than its rate', async () => {
    for (let bill = 1; bill <= 8; bill++) await insertAccepted(bill);
    const { poll } = providerOf({ betweenMs: 25 });
    const began = performance.now();
    assert.equal(await pass(poll), 8);
    assert.ok(performance.now() - began >= 8 * 25 - 10);
  });

  it('that fails is asked later and later, and one bill does not hold up the others', async () => {
    for (let bill = 1; bill <= 3; bill++) await insertAccepted(bill);
    const { poll, asked } = providerOf({ answer: ({ billId }) => (billId === '2' ? 'failed' : 'delivered') });
    const memory = freshMessageMemory();
    const rests: number[] = [];
    for (let round = 0; round < 6; round++) {
      const { restMs, fault, isLatest } = await messageRound(receiving(), poll, { memory });
      if (fault !== undefined) rests.push(restMs);
      if (round === 0) {
        const [standing] = await selectPollStandings(db.database);
        assert.equal(standing?.fault, 'HTTP 502');
      }
      if (isLatest) break;
    }
    assert.deepEqual(rests, [30_000, 60_000, 120_000, 240_000, 480_000]);
    assert.deepEqual(asked, ['id-1', ...Array(5).fill('id-2'), 'id-3']);
    assert.equal(await askValue(db.database, 'select count(*)::int from bill_receipt'), 2);
  });
});

it('a sweep asks about messages, and what came back goes on by SMS; doctor says how far it is', async () => {
  await insertAccepted(1, { provider: 'resend' });
  const { port } = await listen(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ object: 'email', id: 'id-1', to: ['k@example.com'], last_event: 'bounced' }),
      );
    }),
  );
  const config = loadConfig({
    PROVIDER_EMAIL: 'resend',
    RESEND_URL: `http://127.0.0.1:${port}`,
    RESEND_API_KEY: 're_1',
    RESEND_FROM: 'bills@example.com',
    RECEIPT_RATES: 'resend:20',
  });
  const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log: silentLog });
  const report = await sweepNow({ config, database: db.database, kafka, log: silentLog });
  assert.deepEqual([report.receiptsPolled, report.receiptTurned], [1, 1]);
  const { sendStatus, channel } = await standingOf(db.database, billIdOf(1));
  assert.deepEqual([sendStatus, channel], ['PENDING', 'SMS']);
  const [finding] = await checkPolls(config, db.database);
  assert.match(`${finding?.verdict} ${finding?.text}`, /^ok all its messages were asked about that were due/);
});
