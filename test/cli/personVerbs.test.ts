import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createBillAction } from '../../src/db/billActions.ts';
import { tripBrake } from '../../src/db/brake.ts';
import { keepPoison } from '../../src/db/transitions/poisonRecords.ts';
import { ask } from '../support/ask.ts';
import { runBillcast } from '../support/commandLine.ts';
import {
  emptyTables,
  insertBatch,
  insertDispatcher,
  insertNotification,
  journalOf,
  newBillId,
  newToken,
  standingOf,
} from '../support/notifications.ts';
import { insertBill } from '../support/testBills.ts';
import { testKafkaBrokers } from '../support/testKafka.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(async () => {
  await emptyTables(db.database);
  await ask(db.database, 'delete from control');
  await ask(db.database, 'delete from brake');
});

function billcast(...args: string[]) {
  return runBillcast(args, { DATABASE_URL: db.url, KAFKA_BROKERS: testKafkaBrokers() });
}

async function facts(...args: string[]) {
  const { code, out, err } = await billcast(...args, '--json');
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

function insertFailed() {
  return insertNotification(db.database, { sendStatus: 'FAILED', channel: 'SMS', reason: 'SMS_REFUSED' });
}

describe('billcast search and action', () => {
  it('find bills behind a page, and stop what somebody does to many of them', async () => {
    const [first, second] = [await insertFailed(), await insertFailed()];
    await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const { items, next } = await facts('search', '--state', 'FAILED', '--next', first.billId);
    assert.deepEqual([items.length, items[0].billId, next], [1, second.billId, null]);
    const id = crypto.randomUUID();
    const request = { kind: 'retry', selection: { billIds: [first.billId] }, askRefused: false };
    await createBillAction(db.database, { id, kind: 'retry', request, requestedBy: 'ann', lifeMs: 60_000 });
    assert.equal((await facts('action', 'stop', id)).state, 'STOPPED');
    const unknown = await billcast('search', '--contact', 'nobody@example.com');
    assert.match(unknown.err, /no member is known to have this contact/);
    const both = await billcast('search', '--contact', 'nobody@example.com', '--member', '77');
    assert.match(both.err, /'--contact <text>' cannot be used with option '--member <id>'/);
    const records = `select what || ' ' || result from access_record where what in ('stopAction', 'findContact') order by seq`;
    assert.deepEqual((await ask<[string]>(db.database, records)).flat(), [
      ...['stopAction begun', 'stopAction done', 'findContact begun', 'findContact done'],
    ]);
    await ask(db.database, 'truncate bill_action, bill_action_bill');
  });
});

describe('billcast retry', () => {
  it('refuses to run without any selection', async () => {
    const { code, err } = await billcast('retry', '--dry-run');
    assert.equal(code, 1);
    assert.match(err, /say which bills.*\[USAGE\]/);
  });

  it('refuses a reason that is none, and an id that is none', async () => {
    assert.match((await billcast('retry', '--reason', 'SMS')).err, /Allowed choices are .*SMS_REFUSED/);
    assert.match((await billcast('retry', '--bill', '1e3')).err, /must be the id of a bill/);
  });

  it('counts first, and then starts the next cycle in the name of the person', async () => {
    const { billId } = await insertFailed();
    const delivered = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await ask(
      db.database,
      `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, address_hash, actor,
         started_at, finished_at)
       select bill_id, $1::uuid, 'REFUSED', 1, channel, true, 'k:h', 'dispatcher a', now(), now()
       from bill_notification where send_status = 'FAILED'`,
      [newToken()],
    );
    const selection = ['--bill', billId, delivered.billId, newBillId()];
    const dryRun = await billcast('retry', ...selection, '--dry-run', '--json');
    assert.match(
      dryRun.err,
      /^1 of the bills have an address .+ only if it has changed, or with --ask-refused;/m,
    );
    assert.deepEqual(JSON.parse(dryRun.out), {
      dryRun: true,
      retryable: 1,
      refusedBefore: 1,
      retried: 0,
      deadLetterOwed: 0,
      notFailed: 1,
      notFound: 1,
      busy: 0,
      firstBillIds: [billId],
    });
    assert.equal((await facts('retry', ...selection, '--ask-refused')).retried, 1);
    assert.equal((await standingOf(db.database, billId)).cycle, 2);
    assert.match((await journalOf(db.database, billId)).at(-1)?.actor ?? '', /^person \S+$/);
  });
});

describe('billcast resolve', () => {
  const insertDoubt = (inDoubtMsAgo = 0) =>
    insertNotification(db.database, { sendStatus: 'IN_DOUBT', reason: 'OWNER_GONE', inDoubtMsAgo });

  const refused: readonly [string[], RegExp][] = [
    [['--bill', '1', '--reason', 'x'], /say what became of them.*\[USAGE\]/],
    [['--resend', '--reason', 'x'], /say which bills.*\[USAGE\]/],
    [['--resend', '--bill', '1'], /say how you know.*\[USAGE\]/],
    [['--resend', '--bill', '1', '--reason', ' '], /say how you know.*\[USAGE\]/],
    [['--resend', '--failed', '--bill', '1', '--reason', 'x'], /cannot be used with/],
  ];
  for (const [args, why] of refused) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, err } = await billcast('resolve', ...args);
      assert.equal(code, 1);
      assert.match(err, why);
    });
  }

  it('lists what is in doubt, longest first', async () => {
    const young = await insertDoubt();
    const old = await insertDoubt(60_000);
    const { inDoubt, bills } = await facts('resolve', '--list');
    assert.deepEqual([inDoubt, bills[0].billId, bills[1].billId], [2, old.billId, young.billId]);
    const { since, ...rest } = bills[0];
    assert.match(since, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(rest, { billId: old.billId, channel: 'EMAIL', cycle: 1, reason: 'OWNER_GONE' });
    const { out } = await billcast('resolve', '--list', '--bill', young.billId);
    const line = `${young.billId} +e-mail +1 +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d +OWNER_GONE`;
    assert.match(out, new RegExp(`^bill +channel +cycle +since \\(Asia/Seoul\\) +reason\n${line}\n$`));
    assert.match((await billcast('resolve', '--list', '--why', 'TIMEOUT')).out, /^no bill is in doubt\n$/);
  });

  it('counts first, and then settles in the name of the person, with their reason', async () => {
    const { billId } = await insertDoubt();
    const delivered = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const args = ['--failed', '--bill', billId, delivered.billId, newBillId()];
    const counts = { verdict: 'failed', resolvable: 1, notInDoubt: 1, notFound: 1, busy: 0 };
    assert.deepEqual(await facts('resolve', ...args, '--dry-run'), {
      ...counts,
      dryRun: true,
      resolved: 0,
      firstBillIds: [billId],
    });
    assert.equal((await facts('resolve', ...args, '--reason', 'provider lost its log')).resolved, 1);
    const [entry] = await journalOf(db.database, billId);
    assert.match(entry?.actor ?? '', /^person \S+$/);
    assert.equal(entry?.reason, 'provider lost its log');
  });

  it('takes those in doubt since a time, or until before it', async () => {
    const old = await insertDoubt(7_200_000);
    const young = await insertDoubt();
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const dry = async (option: string) =>
      (await facts('resolve', '--resend', option, anHourAgo, '--dry-run')).firstBillIds;
    assert.deepEqual(await dry('--since'), [young.billId]);
    assert.deepEqual(await dry('--until'), [old.billId]);
  });
});

describe('billcast cancel', () => {
  it('refuses to run without any selection, and a replacement of more than one bill', async () => {
    assert.match((await billcast('cancel', '--reason', 'x')).err, /say which bills/);
    const both = await billcast('cancel', '--bill', '1', '2', '--replaced-by', '3');
    assert.match(both.err, /needs just one --bill/);
    const itself = await billcast('cancel', '--bill', '1', '--replaced-by', '1');
    assert.match(itself.err, /cannot replace itself/);
  });

  it('cancels a month until hand-off and says how many were too late', async () => {
    for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'DELIVERED', 'CANCELLED'] as const) {
      const { billId } = await insertNotification(db.database, { sendStatus });
      await insertBill(db.database, { billId, month: '2026-11-01' });
    }
    const { firstBillIds, ...counts } = await facts('cancel', '--month', '2026-11');
    assert.equal(firstBillIds.length, 2);
    const expected = { dryRun: false, cancellable: 2, cancelled: 2, tooLate: 2, already: 1 };
    assert.deepEqual(counts, { ...expected, notFound: 0, busy: 0 });
    const { month, total, cancelled, sent } = await facts('status', '--month', '2026-11');
    assert.deepEqual(
      { month, total, cancelled, sent },
      { month: '2026-11', total: 5, cancelled: 3, sent: 1 },
    );
  });

  it('records which bill replaces the old one', async () => {
    const { billId } = await insertNotification(db.database);
    const { billId: corrected } = await insertNotification(db.database);
    await facts('cancel', '--bill', billId, '--replaced-by', corrected, '--reason', 'wrong tariff');
    assert.equal((await standingOf(db.database, billId)).reason, `REPLACED_BY ${corrected}: wrong tariff`);
    assert.equal((await standingOf(db.database, corrected)).sendStatus, 'PENDING');
  });

  for (const options of [[], ['--dry-run']]) {
    it(`refuses a replacement that is not there, and changes nothing ${options.join()}`, async () => {
      const { billId } = await insertNotification(db.database);
      const missing = newBillId();
      const { code, err } = await billcast('cancel', '--bill', billId, '--replaced-by', missing, ...options);
      assert.equal(code, 1);
      assert.match(
        err,
        new RegExp(`billcast does not know bill ${missing}, so nothing was cancelled.*\\[USAGE\\]`),
      );
      assert.equal((await standingOf(db.database, billId)).sendStatus, 'PENDING');
      assert.deepEqual(await journalOf(db.database, billId), []);
    });
  }
});

describe('billcast pause and resume', () => {
  it('print how the pause and the brakes stand', async () => {
    const paused = await facts('pause', '--reason', 'maintenance');
    assert.deepEqual([paused.paused, paused.pause.reason], [true, 'maintenance']);
    const { out } = await billcast('resume', '--reason', 'done');
    assert.match(out, /^paused +no$/m);
    assert.match(out, /^brake EMAIL +off$/m);
    const again = await facts('resume');
    assert.deepEqual([again.paused, again.resumed.reason, again.changed], [false, 'done', false]);
  });

  it('say what happens to the work in hand, and what still keeps bills from being sent', async () => {
    const dispatcher = await insertDispatcher(db.database, { silentMs: -600_000 });
    const [first, second] = [newBillId(), newBillId()];
    await insertBatch(db.database, { token: newToken(), owner: dispatcher, billIds: [first, second] });
    assert.match(
      (await billcast('pause', '--reason', 'maintenance')).err,
      /hold 2 bills: those handed to a provider/,
    );
    assert.match((await billcast('pause')).err, /paused already/);
    const { billId } = await insertFailed();
    const retried = await billcast('retry', '--bill', billId);
    assert.match(
      retried.err,
      /^Sending is paused since .*: maintenance\. `billcast resume` ends the pause\.$/m,
    );
    assert.match((await billcast('resume')).err, /start sending again within 2 s/);
    assert.match((await billcast('resume')).err, /It was not paused/);
    await ask(db.database, 'delete from dispatcher');
    assert.match((await billcast('pause')).err, /No dispatcher is running/);
    assert.match((await billcast('resume')).err, /No dispatcher is running, so nothing is sent/);
  });

  it('release only the brake that is named, and a brake for a person under any name', async () => {
    const by = 'dispatcher host:1';
    const unreachable = {
      kind: 'unreachable',
      cause: 'ENOTFOUND typo.invalid',
      by,
      firstTrialMs: 600_000,
    } as const;
    const refusals = { kind: 'refusals', cause: '50 of 50 refused', by, firstTrialMs: null } as const;
    await tripBrake(db.database, { brake: 'EMAIL', ...unreachable });
    await tripBrake(db.database, { brake: 'SMS', ...unreachable });
    await facts('pause');
    const one = await facts('resume', '--channel', 'EMAIL');
    assert.deepEqual([one.paused, one.brakes.EMAIL.on, one.brakes.SMS.on], [true, false, true]);
    assert.deepEqual([one.brakes.SMS.kind, one.brakes.SMS.cause], ['unreachable', 'ENOTFOUND typo.invalid']);
    await facts('resume', '--channel', 'SMS');
    for (const release of [['--fallback'], ['--channel', 'EMAIL'], ['--channel', 'SMS']]) {
      await tripBrake(db.database, { brake: 'EMAIL', ...refusals });
      const { brakes } = await facts('status');
      assert.deepEqual([brakes.EMAIL.kind, brakes.SMS.kind], ['refusals', 'refusals']);
      assert.ok(brakes.EMAIL.since);
      const all = await facts('resume', ...release);
      assert.deepEqual([all.brakes.EMAIL.on, all.brakes.SMS.on], [false, false], release.join(' '));
    }
  });
});

describe('billcast explain', () => {
  it("shows a person the bill's state and what happens next", async () => {
    const { billId } = await insertFailed();
    const { code, out } = await billcast('explain', billId);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^bill ${billId}: FAILED, SMS, cycle 1 \\(times in Asia/Seoul\\)`));
    assert.match(out, new RegExp(`Next: .*\`billcast retry --bill ${billId}\``));
  });

  it('gives a program the facts and what happens next', async () => {
    const { billId } = await insertNotification(db.database, { publishStatus: 'HELD' });
    const explained = await facts('explain', billId);
    assert.deepEqual(
      [explained.known, explained.sendStatus, explained.publishStatus, explained.next.step],
      [true, 'PENDING', 'HELD', 'RELEASE'],
    );
    assert.deepEqual([explained.journal, explained.poison], [[], []]);
  });

  it('of an unknown bill exits 1, with the records that came for it', async () => {
    const billId = newBillId();
    const record = { topic: 't', partition: 0, offset: '5', timestampMs: 1, value: null };
    await keepPoison(db.database, [{ ...record, reason: 'BILL_UNKNOWN', key: Buffer.from(billId) }]);
    const { code, out } = await billcast('explain', billId);
    assert.equal(code, 1);
    assert.match(out, /billcast does not know bill/);
    assert.match(out, /offset 5, was quarantined: the bill had no row when it came/);
  });
});
