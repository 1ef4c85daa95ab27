import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import { reportEnds } from '../../src/db/runs/reportRows.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import { releaseBills } from '../../src/operations/releaseBills.ts';
import { compareStatement } from '../../src/operations/runs/compareStatement.ts';
import type { Report } from '../../src/operations/runs/report/reportFacts.ts';
import { reportOnMonth, reportOnRun } from '../../src/operations/runs/report/runReport.ts';
import { ask } from '../support/ask.ts';
import { noFaults, startTestGateway } from '../support/testGateway.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

/** `REPORT_BILLS=100000` for a longer proof. */
const bills = Number(process.env.REPORT_BILLS ?? '5000');
const month = '2026-11-01';
const patienceMs = 600_000;

/** A state of the rows and the end that the report counts it as, when nothing is open any more. */
const stateOf = {
  delivered: 'DELIVERED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  inDoubt: 'IN_DOUBT',
} as const;

interface Acceptance {
  readonly key: string;
  readonly billId: number;
}

describe(`the report of ${bills} bills that went out by a gateway with faults`, () => {
  let folder: string;
  let gateway: Awaited<ReturnType<typeof startTestGateway>>;
  let system: TestSystem;
  let runId: string;
  let report: Report;
  let amounts: Map<string, bigint>;
  let ledger: Map<string, Acceptance>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'billcast-report-'));
    const rates = { ...noFaults, refuse: 0.05, failBefore: 0.01, failAfter: 0.01, break: 0.01 };
    gateway = await startTestGateway(folder, { rates });
    system = await createTestSystem({
      PROVIDER_EMAIL: 'http',
      PROVIDER_SMS: 'http',
      HTTP_EMAIL_URL: gateway.url,
      HTTP_SMS_URL: gateway.url,
      FALLBACK_STOP_RATE: '1',
      SMS_TURN_STOP_RATE: '1',
      RETRANSMIT_MAX_CYCLES: '1',
      PROVIDER_PRICES: 'http:13.5',
    });
    const { config, database } = system;
    await addSampleBills(
      { config: { ...config, production: false }, database },
      { members: bills, seed: 1, month },
    );
    await ask(database, 'update member set do_not_disturb_start = null');
    await releaseBills(system, { month, actor: 'person test' });
    await Promise.all([system.startDispatcher(), system.startDispatcher()]);
    const isOver = ({ delivered, failed, inDoubt, total }: { [Name in string]: number }) =>
      Number(delivered) + Number(failed) + Number(inDoubt) === total;
    await system.until('all have ended', (states) => isOver({ ...states }), patienceMs);
    const [[id = ''] = []] = await ask<[string]>(database, 'select id from run where number > 0');
    runId = id;
    ({ report } = await reportOnRun(system, { runId }));
    const rows = await ask<[string, string]>(
      database,
      'select id::text, total_billed_amount::text from bill where billing_month = $1',
      [month],
    );
    amounts = new Map(rows.map(([billId, amount]) => [billId, BigInt(amount)]));
    const lines = readFileSync(gateway.ledgerFile, 'utf8').trimEnd().split('\n');
    ledger = new Map(lines.map((line) => JSON.parse(line) as Acceptance).map((one) => [one.key, one]));
  });
  after(async () => {
    await system.destroy();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  const sumOf = (ids: readonly (string | number | BillId)[]): [number, string] => [
    ids.length,
    String(ids.reduce((sum, id) => sum + (amounts.get(String(id)) ?? 0n), 0n)),
  ];
  const idsIn = async (sendStatus: string): Promise<string[]> => {
    const rows = await ask<[string]>(
      system.database,
      'select bill_id::text from bill_notification where send_status = $1',
      [sendStatus],
    );
    return rows.map(([id]) => id);
  };

  it('adds up to all bills, and each part to the rows, to the won', async () => {
    assert.equal(report.addsUp, true, JSON.stringify(report.checks));
    assert.deepEqual([report.batch.bills, report.batch.amounts?.KRW], sumOf([...amounts.keys()]));
    for (const [end, state] of Object.entries(stateOf)) {
      const { bills: count, amounts: sums } = report[end as keyof typeof stateOf];
      assert.deepEqual([count, sums?.KRW ?? '0'], sumOf(await idsIn(state)), end);
    }
    const ends = reportEnds.map((end) => `${end} ${report[end].bills} of ${report[end].amounts?.KRW ?? 0}`);
    console.log(`${ends.join(', ')}; ${ledger.size} acceptances; cost ${report.cost?.total}`);
  });

  it("is what the gateway's ledger says, beside the bills in doubt", async () => {
    const doubts = new Set(await idsIn('IN_DOUBT'));
    const certain = [...ledger.values()].filter(({ billId }) => !doubts.has(String(billId)));
    const { bills: count, amounts: sums } = report.delivered;
    assert.deepEqual([count, sums?.KRW], sumOf(certain.map(({ billId }) => billId)));
    const messages = report.byProvider.reduce((sum, one) => sum + one.messages, 0);
    assert.equal(messages, certain.length);
    assert.equal(Number(report.cost?.total), certain.length * 13.5);
    assert.ok(doubts.size > 0 && ledger.size > certain.length, 'the faults leave doubts that were accepted');
  });

  it('is that of its month, and its statement has just the doubts more', async () => {
    const { report: ofMonth } = await reportOnMonth(system, { month });
    assert.deepEqual(ofMonth.delivered, report.delivered);
    const bytes = Readable.from([Buffer.from(['key', ...ledger.keys()].join('\n'))]);
    const file = { bytes, name: 'their.csv', columns: {}, encoding: 'utf-8' };
    const request = { runId, provider: 'http', file, actor: 'person test' };
    const { theirs, ours, matched, onlyTheirs, inDoubt, onlyOurs } = await compareStatement(system, request);
    assert.deepEqual([theirs, matched, onlyOurs], [ledger.size, ours, 0]);
    assert.deepEqual([onlyTheirs, inDoubt], [ledger.size - ours, ledger.size - ours]);
  });
});
