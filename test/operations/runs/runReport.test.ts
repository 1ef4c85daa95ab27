import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { before, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Database } from '../../../src/db/database.ts';
import { reportEnds } from '../../../src/db/runs/reportRows.ts';
import { readRunEnds } from '../../../src/db/runs/runEnds.ts';
import { readSignedReport } from '../../../src/db/runs/signedReports.ts';
import { reopenMonth } from '../../../src/db/transitions/closedMonths.ts';
import { reopenClosedMonth } from '../../../src/operations/closeMonth.ts';
import { compareStatement } from '../../../src/operations/runs/compareStatement.ts';
import { printerFile } from '../../../src/operations/runs/printerFile.ts';
import type { Report } from '../../../src/operations/runs/report/reportFacts.ts';
import { reportOnMonth, reportOnRun } from '../../../src/operations/runs/report/runReport.ts';
import { signMonth, signRun } from '../../../src/operations/runs/report/signReport.ts';
import type { Role } from '../../../src/policy/roles.ts';
import { openFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { ask, askValue } from '../../support/ask.ts';
import {
  billIdOf,
  insertDispatcher,
  insertNotification,
  memberIdOf,
  type NotificationSpec,
} from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const config = loadConfig({ PROVIDER_PRICES: 'simulated:0.14,LMS/simulated:0.5' });
const runId = 'november';
const actor = 'person lee';
const here = { name: actor, isNamed: false };

/** Amounts are powers of two, so that each sum says which bills are in it. */
const bills: readonly (NotificationSpec & { readonly provider?: string; readonly run?: number })[] = [
  { sendStatus: 'DELIVERED', provider: 'simulated' },
  { sendStatus: 'DELIVERED', provider: 'simulated', channel: 'SMS', passed: ['EMAIL'] },
  { sendStatus: 'FAILED', channel: 'SMS', reason: 'NO_CONTACT' },
  { sendStatus: 'FAILED', channel: 'SMS', reason: 'SMS_REFUSED', retransmitInMs: 60_000 },
  { sendStatus: 'FAILED', channel: 'SMS', reason: 'GIVEN_UP' },
  { sendStatus: 'CANCELLED' },
  { sendStatus: 'IN_DOUBT', provider: 'simulated', reason: 'HTTP_TIME_OUT' },
  { publishStatus: 'HELD', run: 0, changedMsAgo: 3_600_000 },
  { publishStatus: 'HELD', run: 0 },
  { sendStatus: 'DELIVERED', run: 2, provider: 'simulated' },
];

async function arrange(): Promise<void> {
  const plan = JSON.stringify({ selection: { month: '2026-11' } });
  const asOf = new Date(Date.now() - 60_000).toISOString();
  await ask(
    db.database,
    `insert into run (number, id, kind, state, plan, plan_hash, approved_hash, requested_by, proposal)
     overriding system value values
       (1, '${runId}', 'PLANNED', 'DONE', '${plan}', 'h', 'h', 'person kim', '{"asOf":"${asOf}","bills":8,"amount":"255"}'),
       (2, 'other', 'PUBLISHED', 'DONE', '${plan}', 'h', 'h', 'person kim', null)`,
  );
  for (const [index, { provider, run = 1, ...spec }] of bills.entries()) {
    const billId = billIdOf(index + 1);
    const memberId = memberIdOf(index + 1);
    await insertBill(db.database, { billId, memberId, totalBilledAmount: String(2 ** index) });
    await insertNotification(db.database, { billId, memberId, ...spec });
    await ask(db.database, 'update bill_notification set run = $2, provider = $3 where bill_id = $1', [
      ...[billId, run, provider ?? null],
    ]);
  }
  await ask(
    db.database,
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, provider, provider_id, actor,
       started_at, finished_at)
     select bill_id, claim_token, case send_status when 'DELIVERED' then 'ACCEPTED' else 'UNKNOWN' end, cycle, channel,
       true, provider, 'id-' || bill_id, 'dispatcher a', now(), now()
     from bill_notification where claim_token is not null`,
  );
  await ask(db.database, `update delivery_attempt set reason = 'LMS' where bill_id = 2`);
  await ask(
    db.database,
    `insert into bill_receipt (bill_id, cycle, channel, kind, provider, came_by)
     values (1, 1, 'EMAIL', 'bounced_soft', 'p', 'webhook'), (1, 1, 'EMAIL', 'delivered', 'p', 'webhook')`,
  );
}

function askAll(database: Database): Promise<[string, number][]> {
  return ask(database, `select result, bills from access_record where what = 'printerFile' order by seq`);
}

function sumsOf(report: Report): Record<string, string> {
  return Object.fromEntries(
    reportEnds.map((end) => [end, `${report[end].bills}: ${report[end].amounts?.KRW ?? 0}`]),
  );
}

describe('a run that is done', () => {
  before(arrange);

  describe('the report of a run', () => {
    it('has each bill of the batch once, to the won, and those of others beside it', async () => {
      const { report } = await reportOnRun({ config, ...db }, { runId });
      assert.deepEqual(sumsOf(report), {
        delivered: '2: 3',
        failed: '3: 28',
        cancelled: '1: 32',
        inDoubt: '1: 64',
        held: '1: 128',
        waiting: '0: 0',
        inProgress: '0: 0',
      });
      const { batch, outside, receipts, cost, byReason, checks, addsUp } = report;
      assert.deepEqual(
        [batch, outside.elsewhere],
        [
          { bills: 8, amounts: { KRW: '255' } },
          { bills: 2, amounts: { KRW: '768' } },
        ],
      );
      assert.deepEqual([receipts.confirmed.bills, receipts.none.bills], [1, 1]);
      assert.deepEqual(cost, { total: '0.64', currency: 'KRW', isLeast: false, messagesWithoutPrice: 0 });
      assert.equal(byReason.find(({ reason }) => reason === 'SMS_REFUSED')?.retried, 1);
      assert.deepEqual(
        report.byPath.map(({ path, delivered }) => [path.join('>'), delivered.amounts]),
        [
          ['EMAIL', { KRW: '1' }],
          ['EMAIL>SMS', { KRW: '2' }],
          ['SMS', {}],
        ],
      );
      assert.deepEqual([addsUp, checks.length], [true, 6]);
    });

    it('has bills that turned to another channel, also if the run selects by the first one', async () => {
      const selection = { fields: { month: '2026-11', channel: ['EMAIL'] } } as const;
      assert.equal((await readRunEnds(db.database, 1, selection)).delivered, 2);
    });

    it('tells domains apart if that is asked for', async () => {
      const ciphers = await openFieldCiphers(config.cipher);
      for (const [id, address] of [
        [1, 'a@naver.com'],
        [2, 'b@Naver.com'],
        [3, null],
        [4, 'not sealed'],
      ] as const) {
        const sealed = address?.includes('@') ? ciphers.seal('email', String(id), address) : address;
        await ask(db.database, `insert into member (id, name, email, grade) values ($1, 'n', $2, 'VIP')`, [
          id,
          sealed,
        ]);
      }
      const { report } = await reportOnRun({ config, ...db }, { runId, withDomains: true });
      const { domains } = report;
      assert.deepEqual(
        domains?.top.map(({ domain, delivered }) => [domain, delivered.amounts]),
        [['naver.com', { KRW: '3' }]],
      );
      assert.deepEqual(
        [domains.withoutAddress.failed.amounts, domains.unreadable.failed.bills],
        [{ KRW: '20' }, 1],
      );
    });

    it('of a month has the bills of all runs, and names a bill that was never handed over', async () => {
      await insertBill(db.database, { billId: billIdOf(99), totalBilledAmount: '5' });
      const { report } = await reportOnMonth({ config, ...db }, { month: '2026-11-01' });
      assert.deepEqual(
        [report.batch.amounts, report.outside.noRow],
        [{ KRW: '1023' }, { bills: 1, amounts: { KRW: '5' } }],
      );
      assert.deepEqual(
        report.byRun.map(({ run }) => run),
        ['elsewhere', runId, 'other'],
      );
      const broken = report.checks.filter(({ ok }) => !ok);
      assert.deepEqual(
        broken.map(({ name, billIds }) => [name, billIds]),
        [['everyBillHasARow', ['99']]],
      );
      await ask(db.database, 'delete from bill where id = 99');
    });
  });

  describe("a provider's statement", () => {
    it('is compared message by message, and kept with the run', async () => {
      const fileOf = (text: string) => ({
        bytes: Readable.from([Buffer.from(text)]),
        name: 'their.csv',
        columns: {},
        encoding: 'utf-8',
      });
      const file = fileOf(
        'key,id,cost\n1:EMAIL:1,id-1,0.14\n7:EMAIL:1,id-7,0.14\n8:SMS:1,id-8,13\n8:SMS:1,id-8,13\n' +
          '10:EMAIL:1,id-10,0\n1:EMAIL:0:seed:1:x,s-1,0\n,s-2,0\n',
      );
      await ask(
        db.database,
        `insert into test_send (run, key_suffix, bill_id, channel, provider, sender, outcome, provider_id, ended_at)
         values (1, 'seed:1:x', 1, 'EMAIL', 'simulated', gen_random_uuid(), 'ACCEPTED', 's-1', now()),
           (1, 'seed:1:y', 1, 'EMAIL', 'simulated', gen_random_uuid(), 'ACCEPTED', 's-2', now())`,
      );
      const request = { runId, provider: 'simulated', file, actor };
      const { examples, sha256, ...counts } = await compareStatement({ config, ...db }, request);
      assert.deepEqual(counts, {
        run: runId,
        provider: 'simulated',
        theirs: 5,
        tests: 2,
        ours: 2,
        matched: 1,
        onlyTheirs: 4,
        otherRuns: 1,
        inDoubt: 1,
        onlyOurs: 1,
        different: 0,
        repeated: 1,
        theirCost: '26.28',
        ourCost: '0.64',
      });
      assert.deepEqual(examples.onlyOurs, [{ line: null, key: '2:SMS:1', providerId: 'id-2' }]);
      assert.deepEqual(
        examples.inDoubt.map(({ line, key }) => [line, key]),
        [[3, '7:EMAIL:1']],
      );
      assert.match(sha256, /^[0-9a-f]{64}$/);
      const ids = () => fileOf('id\nid-1\nid-2\n');
      const byId = await compareStatement({ config, ...db }, { ...request, file: ids() });
      assert.deepEqual([byId.matched, byId.onlyTheirs, byId.onlyOurs], [2, 0, 0]);
      await assert.rejects(
        compareStatement({ config, ...db }, { ...request, file: ids(), provider: 'ses' }),
        {
          message: /^ses accepted nothing of this run, and no channel uses it: simulated are used$/,
        },
      );
    });
  });

  describe('the file for the printer', () => {
    it('has those who certainly got none, with their names and addresses opened', async () => {
      const ciphers = await openFieldCiphers(config.cipher);
      const seal = (field: 'name' | 'address', text: string) => ciphers.seal(field, '3', text);
      await ask(db.database, 'update member set name = $1, address = $2 where id = 3', [
        seal('name', '홍길동'),
        seal('address', '서울특별시 강남구 테헤란로 1'),
      ]);
      const read = async (form: 'csv' | 'ndjson') => {
        const parts = await Array.fromAsync(printerFile({ config, ...db }, { sought: { run: 1 }, form }));
        return parts.map(({ text }) => text).join('');
      };
      const [letter, ...others] = (await read('ndjson')).trimEnd().split('\n');
      assert.deepEqual(others, []);
      assert.deepEqual(JSON.parse(letter ?? ''), {
        billId: '3',
        memberId: '3',
        month: '2026-11',
        name: '홍길동',
        address: '서울특별시 강남구 테헤란로 1',
        reason: 'NO_CONTACT',
        meaning: 'the member has no address to send it to',
        unreadable: '',
      });
      assert.match(await read('csv'), /^\uFEFFbillId,memberId,month,name,address.*\r\n3,3,2026-11,홍길동,/);
    });
  });

  describe('the API', () => {
    it('gives the report in three forms, and letters to auditors only, with a record', async () => {
      const app = await createTestApi({ database: db.database });
      const url = `/api/v1/runs/${runId}`;
      const read = (query = '') => app.inject({ url: `${url}/report${query}`, headers: bearer('viewer') });
      const json = (await read()).json();
      assert.deepEqual([json.batch, json.signature], [{ bills: 8, amounts: { KRW: '255' } }, null]);
      assert.match(
        (await read('?format=csv')).body,
        /^part,name,state,bills,amount,currency\r\nbatch,,,8,255,KRW\r\n/,
      );
      assert.match((await read('?format=html&language=ko')).body, /^<!doctype html><html lang="ko">/);
      const ofMonth = await app.inject({ url: '/api/v1/months/2026-11/report', headers: bearer('viewer') });
      assert.deepEqual(ofMonth.json().batch.bills, 10);
      const ask = (path: string, role: Role, payload: object) =>
        app.inject({ method: 'POST', url: `${url}${path}`, headers: bearer(role), payload });
      const reason = 'letters of November';
      assert.equal((await ask('/printer', 'operator', { reason })).statusCode, 403);
      const letters = await ask('/printer', 'auditor', { reason, format: 'ndjson' });
      assert.equal(JSON.parse(letters.body).billId, '3');
      const records = await askAll(db.database);
      assert.deepEqual(records, [
        ['refused', 0],
        ['begun', 0],
        ['done', 1],
      ]);
      assert.equal((await ask('/sign', 'operator', {})).statusCode, 403);
      const other = await app.inject({
        method: 'POST',
        url: '/api/v1/runs/no-such/sign',
        headers: bearer('approver'),
        payload: {},
      });
      assert.equal(other.json().code, 'RUN_NOT_FOUND');
    });
  });

  describe('signing off', () => {
    it('keeps the report of a run byte for byte and closes it, for good', async () => {
      const deps = { config, ...db };
      await assert.rejects(signRun(deps, { runId, actor: here }), {
        message: /are sent again by themselves/,
      });
      await ask(db.database, 'update bill_notification set retransmit_at = null');
      const facts = await signRun(deps, { runId, actor: here });
      const { signature, report } = await reportOnRun(deps, { runId });
      assert.deepEqual(signature && [signature.by, signature.sha256, signature.differs], [
        actor,
        facts.sha256,
        [],
      ]);
      assert.equal(report.batch.amounts?.KRW, '255');
      const kept = await readSignedReport(db.database, { run: 1 });
      assert.equal(
        createHash('sha256')
          .update(kept?.text ?? '')
          .digest('hex'),
        facts.sha256,
      );
      const event = await askValue(
        db.database,
        `select actor from run_event where run = 1 and what = 'signed'`,
      );
      assert.equal(event, actor);
      for (const change of [
        `update signed_report set note = 'x'`,
        'delete from signed_report',
        'truncate signed_report',
        `update run set state = 'DONE', previous_state = null where number = 1`,
        'delete from run where number = 1',
        'delete from provider_statement',
      ]) {
        await assert.rejects(ask(db.database, change), { message: /stands for good/ }, change);
      }
      await assert.rejects(
        ask(
          db.database,
          `insert into signed_report (run, report, sha256, signed_by) values (2, '{}', 'x', 'a')`,
        ),
        { constraint: 'report_is_what_was_signed' },
      );
      await assert.rejects(signRun(deps, { runId, actor: here }), {
        message: /is CLOSED: only a run that is DONE/,
      });
    });

    it('is told from what the tables say later', async () => {
      await ask(
        db.database,
        `update bill_notification set send_status = 'DELIVERED', in_doubt_at = null where bill_id = 7`,
      );
      const { signature, report } = await reportOnRun({ config, ...db }, { runId });
      assert.deepEqual(signature?.differs, [
        'delivered',
        'inDoubt',
        'byChannel',
        'byPath',
        'byReason',
        'receipts',
      ]);
      assert.equal(report.inDoubt.bills, 1);
    });

    it('takes another person if the run takes four eyes, and a note if the report does not add up', async () => {
      const deps = { config, ...db };
      await ask(db.database, 'update run set four_eyes = true, approved_by = $1 where number = 2', [actor]);
      const sign = (by: string, isNamed: boolean, note?: string) =>
        signRun(deps, { runId: 'other', actor: { name: by, isNamed }, note });
      await assert.rejects(sign(actor, false), { message: /takes four eyes, and nobody on this host/ });
      await assert.rejects(sign('person kim', true), { code: 'OWN_RUN' });
      await ask(db.database, 'delete from delivery_attempt where bill_id = 10');
      await assert.rejects(sign(actor, true), { message: /everyDeliveryIsProved: 1 bill 10/ });
      await sign(actor, true, 'the journal of that day is lost');
      const kept = await readSignedReport(db.database, { run: 2 });
      assert.equal(kept?.note, 'the journal of that day is lost');
    });

    it('of a month wants it closed', async () => {
      const deps = { config, ...db };
      const request = { month: '2026-11-01', actor: here, note: 'some are unproved' };
      await assert.rejects(signMonth(deps, request), { message: /2026-11 is open: first billcast close/ });
      await ask(
        db.database,
        `insert into closed_month (billing_month, state, closed_by) values ('2026-11-01', 'closed', 'a')`,
      );
      await ask(
        db.database,
        `update bill_notification set send_status = 'CANCELLED' where send_status = 'PENDING'`,
      );
      await insertDispatcher(db.database);
      await ask(db.database, 'update dispatcher set four_eyes = true');
      await assert.rejects(
        signMonth(deps, request),
        { code: 'APPROVAL_NEEDED' },
        'a dispatcher has the setting',
      );
      await ask(db.database, 'delete from dispatcher');
      await signMonth(deps, request);
      assert.equal((await reportOnMonth(deps, { month: '2026-11-01' })).signature?.by, actor);
      await assert.rejects(signMonth(deps, request), { message: /signed off already/ });
      await assert.rejects(reopenClosedMonth(deps, request), {
        message: /stands for good: person lee signed/,
      });
      assert.equal(await reopenMonth(db.database, request.month), false);
    });
  });
});
