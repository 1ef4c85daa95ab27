import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { selectPollStandings } from '../../../src/db/receiptPolls.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { ReceiptMeter } from '../../../src/metrics/receiptMeter.ts';
import { checkPolls } from '../../../src/operations/doctor/checkReceipts.ts';
import { pollNow } from '../../../src/operations/polling/pollNow.ts';
import { freshMemory, pollRound } from '../../../src/operations/polling/pollRound.ts';
import { sweepNow } from '../../../src/operations/sweepNow.ts';
import { createAddressHasher } from '../../../src/policy/addressHasher.ts';
import type { Receipt } from '../../../src/providers/inbound/receipt.ts';
import type { PollAnswer, ReceiptPoll } from '../../../src/providers/receiptPoll.ts';
import { applyReceipts } from '../../../src/sweeper/applyReceipts.ts';
import { ask, askValue } from '../../support/ask.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { emptyTables, insertNotification, standingOf } from '../../support/notifications.ts';
import { listStandIns, runListStandIn } from '../../support/standIns/listStandIns.ts';
import { sweepDepsOf } from '../../support/testSweep.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const pace = {
  resolutionMs: 1,
  longestMs: 172_800_000,
  lagMs: 60_000,
  overlapMs: 1_000,
  everyMs: 30_000,
  betweenMs: 1,
};

interface ListOptions {
  readonly size?: number;
  /** The answer that a request gets in place of its page. */
  readonly instead?: (request: number) => PollAnswer | undefined;
}

/** A list of a provider, in memory. */
function listOf(changes: readonly Receipt[], { size = 2, instead = () => undefined }: ListOptions = {}) {
  const askedMs: number[] = [];
  const poll: ReceiptPoll = {
    provider: 'acme',
    name: 'messages',
    pace,
    async readPage({ from, until }, page = '0') {
      askedMs.push(performance.now());
      const other = instead(askedMs.length);
      if (other !== undefined) return other;
      const all = changes.filter(({ at }) => at !== undefined && at >= from && at <= until);
      const start = Number(page);
      const next = start + size < all.length ? String(start + size) : undefined;
      const receipts = all.slice(start, start + size);
      return { kind: 'page', receipts, ignored: 0, next, providerNow: new Date() };
    },
    stop: () => Promise.resolve(),
  };
  return { poll, askedMs };
}

/** A receipt per minute, the latest one an hour ago. */
function changesOf(count: number): Receipt[] {
  return Array.from({ length: count }, (_, index) => ({
    attempt: { billId: String(index + 1) as BillId, channel: 'EMAIL', cycle: 1 },
    kind: 'delivered',
    at: new Date(Date.now() - 3_600_000 - index * 60_000),
  }));
}

function receiving() {
  return {
    database: db.database,
    addressHasher: createAddressHasher([]),
    receiptMeter: new ReceiptMeter(),
  };
}

async function readAll(poll: ReceiptPoll, rounds = 500): Promise<number> {
  const deps = receiving();
  const memory = freshMemory(poll);
  let fresh = 0;
  for (let round = 0; round < rounds; round++) {
    const report = await pollRound(deps, poll, { memory, roundMs: 3 });
    fresh += report.fresh;
    if (report.isLatest) return fresh;
  }
  throw new RangeError('it does not end');
}

function stored() {
  return askValue<number>(db.database, 'select count(*)::int from bill_receipt');
}

const failed: PollAnswer = { kind: 'failed', cause: 'HTTP 502: Bad Gateway', retryAfterMs: undefined };

describe('a list of a provider', () => {
  it('is read whole, whatever fails meanwhile, and what comes twice counts once', async () => {
    const { poll } = listOf(changesOf(60), {
      instead: (request) => (request % 7 === 5 ? failed : undefined),
    });
    // Each round begins its span again, so it ends only if a span is short enough for the faults.
    await assert.rejects(readAll(poll, 3), RangeError);
    const [broken] = await selectPollStandings(db.database);
    assert.equal(broken?.fault, 'HTTP 502: Bad Gateway');
    assert.ok((broken?.behindMs ?? 0) > 86_000_000, 'it moves on only if a whole span is stored');
    await readAll(listOf(changesOf(60)).poll);
    assert.equal(await stored(), 60);
    const [whole] = await selectPollStandings(db.database);
    assert.equal(whole?.fault, null);
    assert.ok((whole?.behindMs ?? 0) < 70_000);
  });

  it('with too many pages for a round is read in shorter spans', async () => {
    const { poll } = listOf(changesOf(80));
    assert.equal(await readAll(poll), 80);
    assert.equal(await stored(), 80);
  });

  it('that is said to be empty, without proof, leaves the last hour to be read again', async () => {
    assert.equal(await readAll(listOf([], { instead: () => ({ kind: 'empty' }) }).poll), 0);
    const [standing] = await selectPollStandings(db.database);
    assert.ok(Math.abs((standing?.behindMs ?? 0) - 3_600_000) < 60_000);
  });

  it('that answers again, even that it is empty, is asked as soon as at the first failure after it', async () => {
    const { poll } = listOf([], { instead: (request) => (request === 4 ? { kind: 'empty' } : failed) });
    const memory = freshMemory(poll);
    const failures: number[] = [];
    for (let round = 0; round < 5; round++) {
      await pollRound(receiving(), poll, { memory });
      failures.push(memory.failures);
    }
    assert.deepEqual(failures, [1, 2, 3, 0, 1]);
  });

  it('is read by a sweep that a person asks for', async () => {
    const solapi = listStandIns.find(({ provider }) => provider === 'solapi') ?? assert.fail();
    const { billId } = await insertNotification(db.database, { sendStatus: 'IN_DOUBT', channel: 'ALIMTALK' });
    await ask(db.database, `update bill_notification set provider = 'solapi'`);
    const message = { id: 'm1', to: '01012345678', at: new Date(Date.now() - 3_600_000) };
    const { url } = await runListStandIn(solapi, [
      { ...message, key: `${billId}:ALIMTALK:1`, became: 'delivered' },
    ]);
    const config = loadConfig({
      ...solapi.settings,
      SOLAPI_URL: url,
      CHANNELS: 'ALIMTALK',
      PROVIDER_ALIMTALK: 'solapi',
    });
    const kafka = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log: silentLog });
    const report = await sweepNow({ config, database: db.database, kafka, log: silentLog });
    assert.equal(report.receiptsPolled, 1);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
  });

  it('is read at the pace of its provider by a command too', async () => {
    const { poll, askedMs } = listOf(changesOf(2));
    const betweenMs = 30;
    const paced = { ...poll, pace: { ...pace, betweenMs, longestMs: 21_600_000 } };
    const deps = { ...receiving(), log: silentLog };
    assert.deepEqual(await pollNow(deps, [paced], { forMs: 10_000 }), { receiptsPolled: 2 });
    const gapsMs = askedMs.slice(1).map((atMs, index) => atMs - (askedMs[index] ?? 0));
    assert.ok(gapsMs.length >= 3 && Math.min(...gapsMs) >= betweenMs - 2, gapsMs.join());
  });

  it('that does not end is given up', async () => {
    const endless: PollAnswer = { kind: 'page', receipts: [], ignored: 1, next: 'x', providerNow: undefined };
    const { poll, askedMs } = listOf([], { instead: () => endless });
    const slow = { ...poll, pace: { ...pace, longestMs: 3_000 } };
    await assert.rejects(readAll(slow, 1), RangeError);
    assert.equal(askedMs.length, 300);
    assert.match((await selectPollStandings(db.database))[0]?.fault ?? '', /does not end/);
  });
});

describe('doctor, about lists', () => {
  it('says how far they are read, and which index finds the bills of receipts without our key', async () => {
    const config = loadConfig({
      CHANNELS: 'SMS',
      PROVIDER_SMS: 'sens',
      SENS_ACCESS_KEY: 'a',
      SENS_SECRET_KEY: 's',
      SENS_SMS_SERVICE_ID: 'ncp:sms:kr:1:sens',
      SENS_FROM: '0212345678',
    });
    await readAll({ ...listOf([]).poll, provider: 'sens', name: 'texts' });
    const [read, indexed] = await checkPolls(config, db.database);
    assert.deepEqual([read?.verdict, indexed?.verdict], ['ok', 'warn']);
    const [, statement = ''] = /; run: (create index .*)$/.exec(indexed?.text ?? '') ?? [];
    await ask(db.database, statement);
    assert.equal((await checkPolls(config, db.database)).length, 1);
    assert.deepEqual(await checkPolls(loadConfig({}), db.database), []);
  });
});

describe('a receipt of a list', () => {
  it('settles a doubt, and moves nothing if another provider tells it', async () => {
    const doubt = { sendStatus: 'IN_DOUBT' } as const;
    const [own, other] = [
      await insertNotification(db.database, doubt),
      await insertNotification(db.database, doubt),
    ];
    for (const [claim, provider] of [
      [own, 'acme'],
      [other, 'smtp'],
    ] as const) {
      await ask(db.database, 'update bill_notification set provider = $2 where bill_id = $1', [
        claim.billId,
        provider,
      ]);
    }
    const at = new Date(Date.now() - 600_000);
    const changes = [own, other].map(({ billId }) => ({
      attempt: { billId, channel: 'EMAIL' as const, cycle: 1 },
      kind: 'delivered' as const,
      at,
    }));
    assert.equal(await readAll(listOf(changes).poll), 2);
    const report = await applyReceipts(sweepDepsOf(db.database), { forMs: 60_000 });
    assert.deepEqual([report.receiptAccepted, report.receiptKept], [1, 1]);
    assert.equal((await standingOf(db.database, own.billId)).sendStatus, 'DELIVERED');
    assert.equal((await standingOf(db.database, other.billId)).sendStatus, 'IN_DOUBT');
    assert.deepEqual(await ask(db.database, 'select verdict, came_by from bill_receipt order by verdict'), [
      ['accepted', 'poll'],
      ['superseded', 'poll'],
    ]);
  });
});
