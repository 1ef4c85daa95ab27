import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { tripBrake } from '../../../src/db/brake.ts';
import { movePastGates, moveWithoutCanary } from '../../../src/db/runs/moveRun.ts';
import { releaseRest } from '../../../src/db/runs/releaseOfRun.ts';
import { pauseRunRow, resumeRunRow } from '../../../src/db/runs/runChanges.ts';
import { readRunEvents } from '../../../src/db/runs/runEvents.ts';
import { findRunRow } from '../../../src/db/runs/runRows.ts';
import { beforeAllBills } from '../../../src/db/sql.ts';
import { heldByPerson } from '../../../src/runs/runState.ts';
import type { KeeperDeps } from '../../../src/sweeper/runs/keeperDeps.ts';
import { keepRuns, type RunMemories } from '../../../src/sweeper/runs/keepRuns.ts';
import type { SeedsEnd } from '../../../src/sweeper/runs/runMemory.ts';
import { ask, askValue, inTransaction } from '../../support/ask.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { billIdOf, emptyTables, insertDispatcher, newDispatcherId } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { type StartedRun, type StartedRunSpec, startedRun } from '../../support/startedRun.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const bills = 500;
const id = '2026-11';
let deps: KeeperDeps;

beforeEach(async () => {
  await emptyTables(db.database);
  await ask(db.database, 'delete from brake');
  await ask(
    db.database,
    `insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
       total_billed_amount, monthly_fee, additional_fee, issued_at, payment_owner_name, payment_name, payment_number)
     select id, id, '2026-11-01', 1, 0, 0, 0, 1, 1, 0, now(), 'o', 'b', 'n' from generate_series(1, ${bills}) id;
     insert into bill_notification (bill_id, member_id) select id, id from generate_series(1, ${bills}) id`,
  );
  deps = {
    database: db.database,
    log: silentLog,
    config: loadConfig({}),
    owner: newDispatcherId(),
    actor: 'run keeper host:1',
  };
});

type Spec = Omit<StartedRunSpec, 'id' | 'selection'>;
const canary = { bills: 50 };
const gates = { waitMinutes: 0 };

function start(spec: Spec = {}): Promise<StartedRun> {
  return startedRun(db.database, { id, selection: { month: id }, bills, ...spec });
}

/** A turn of a keeper that has just started: whatever the one before it remembered is gone. */
function turn(memories: RunMemories = new Map()): Promise<void> {
  return keepRuns(deps, memories);
}

async function run() {
  const found = await findRunRow(db.database, id);
  assert.ok(found !== undefined);
  return found;
}
async function standing() {
  const { state, phase, hold, released } = await run();
  return [state, phase, hold?.code ?? null, released];
}
function released(): Promise<number> {
  return askValue(db.database, `select count(*)::int from bill_notification where publish_status <> 'HELD'`);
}
async function events() {
  return (await readRunEvents(db.database, (await run()).number, 50)).map(({ what }) => what);
}

/** What dispatchers do: all bills that wait for it come to this. */
async function deliver(): Promise<void> {
  await ask(
    db.database,
    `update bill_notification set send_status = 'DELIVERED', publish_status = 'PUBLISHED', handed_off_at = now()
     where send_status = 'PENDING' and publish_status = 'PENDING'`,
  );
}
/** @param amounts `(id, amount), ...` */
function setAmounts(amounts: string): Promise<unknown> {
  return ask(
    db.database,
    `update bill b set total_billed_amount = a.amount from (values ${amounts}) a (id, amount) where b.id = a.id`,
  );
}
async function fail(reason: string): Promise<void> {
  await ask(
    db.database,
    `update bill_notification set send_status = 'FAILED', publish_status = 'PUBLISHED', reason = $1, failed_at = now()
     where send_status = 'PENDING' and publish_status = 'PENDING'`,
    [reason],
  );
}

describe('a run with a canary', () => {
  it('releases the canary, waits for it, releases the rest and is done, by keepers that die each turn', async () => {
    await start({ canary, gates });
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'GATE', null, 50]);
    assert.equal(await released(), 50);
    const chosen = await ask<[number]>(db.database, 'select bill_id::int from run_canary order by 1');
    assert.notDeepEqual(
      chosen.flat(),
      Array.from({ length: 50 }, (_, index) => index + 1),
      'spread',
    );
    await turn();
    assert.equal(await released(), 50, 'they are on their way');
    await deliver();
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, 50]);
    await turn();
    assert.equal(await released(), bills);
    await deliver();
    await turn();
    assert.deepEqual(await standing(), ['DONE', 'REST', null, bills]);
    assert.deepEqual(await events(), [
      ...['created', 'approved', 'started', 'canaryChosen', 'canaryReleased', 'gatesPassed', 'done'],
    ]);
    const facts = await askValue(db.database, `select facts from run_event where what = 'done'`);
    assert.deepEqual(facts, { released: bills, delivered: bills, failed: 0, cancelled: 0, inDoubt: 0 });
  });

  it('that is larger than what may be ahead goes out in parts', async () => {
    deps = { ...deps, config: loadConfig({ PROVIDER_RATES: 'simulated:1' }) };
    await start({ canary: { bills: 20 }, gates });
    const memories: RunMemories = new Map();
    const parts: (string | number | null)[][] = [];
    for (let part = 0; part < 3; part++) {
      await turn(memories);
      parts.push(await standing());
      await deliver();
    }
    assert.deepEqual(parts, [
      ['RUNNING', 'CANARY', null, 8],
      ['RUNNING', 'CANARY', null, 16],
      ['RUNNING', 'GATE', null, 20],
    ]);
  });

  it('is released once by keepers that each believe to be alone, and judged before the rest', async () => {
    const { run: number } = await start({ canary, gates });
    const seen = { run: number, actor: 'a keeper that saw nothing yet' };
    assert.equal(await movePastGates(db.database, seen), false);
    for (let round = 0; round < 3; round++) await Promise.all([turn(), turn(), turn(), turn()]);
    assert.equal(await moveWithoutCanary(db.database, seen), false);
    assert.deepEqual(await standing(), ['RUNNING', 'GATE', null, 50]);
    assert.equal(await askValue(db.database, 'select count(*)::int from run_canary'), 50);
    assert.equal(await released(), 50);
    assert.deepEqual(await events(), ['created', 'approved', 'started', 'canaryChosen', 'canaryReleased']);
  });

  it('of one percent holds with no more out, and says why; a person may overrule it', async () => {
    const { run: number, seenHash } = await start({ canary: { percent: 4 }, gates });
    await turn();
    await fail('TEMPLATE_FAILED');
    await turn();
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'GATE', 'GATE_FAILED', 20]);
    assert.equal(
      (await run()).hold?.detail,
      'failed: 20 of 20 bills (100 %), limit 1 %, mostly TEMPLATE_FAILED (20)',
    );
    assert.equal(await released(), 20);
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, bills]);
  });

  it('waits for a person if the plan says so, or if it is too small to judge', async () => {
    for (const spec of [
      { canary, gates: { ...gates, release: 'person' as const } },
      { canary: { bills: 3 }, gates },
    ]) {
      await ask(
        db.database,
        `delete from run_canary; delete from run_event; delete from run where number > 0;
        update bill_notification set publish_status = 'HELD', send_status = 'PENDING', changed_at = '2026-11-01'`,
      );
      await start(spec);
      await turn();
      await deliver();
      await turn();
      assert.deepEqual((await standing()).slice(0, 3), ['PAUSED', 'GATE', 'CANARY_WAITS']);
    }
    assert.match(
      (await run()).hold?.detail ?? '',
      /^the canary has 3 bills, too few to judge: refused: 0 of 3/,
    );
  });

  it('waits for a person if others have released all of its canary', async () => {
    await start({ canary, gates: { waitMinutes: 5 } });
    await ask(
      db.database,
      `update run set canary_at = now() where number > 0;
       insert into run_canary (run, bill_id) select max(number), 1 from run;
       update bill_notification set publish_status = 'PENDING' where bill_id = 1`,
    );
    await turn();
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'GATE', 'CANARY_WAITS', 0]);
  });

  it('holds if bills were changed since it was approved, with no more out, and goes on when they are back', async () => {
    const { run: number, seenHash } = await start({ isCounted: true, canary, gates });
    await setAmounts('(7, 0), (8, 2)');
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'CANARY', 'BILLS_CHANGED', 0]);
    await setAmounts('(7, 1), (8, 1)');
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    await turn();
    await deliver();
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, 50]);
    await setAmounts('(7, 0), (8, 2)');
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'REST', 'BILLS_CHANGED', 50]);
    assert.match((await run()).hold?.detail ?? '', /with the same sum, but bills were exchanged, or amounts/);
    await setAmounts('(7, 1), (8, 1)');
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, bills]);
  });

  it('waits for bounces as long as the plan says', async () => {
    await start({ canary, gates: { waitMinutes: 5 } });
    await turn();
    await deliver();
    await ask(db.database, `update bill_notification set changed_at = now()`);
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'GATE', null, 50]);
    await ask(db.database, `update bill_notification set changed_at = now() - interval '6 minutes'`);
    await turn();
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, 50]);
  });

  it('counts what was refused, turned, in doubt and what came back', async () => {
    await start({ canary, gates: { refused: 1, turned: 1, bounced: 0.01, unknown: 1 } });
    await turn();
    await deliver();
    await ask(
      db.database,
      `update bill_notification set step = 1, passed = '{EMAIL}', channel = 'SMS'
         where bill_id in (select bill_id from run_canary order by 1 limit 10);
       insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at,
           finished_at)
         select bill_id, gen_random_uuid(), 'REFUSED', 1, 'EMAIL', true, 'EMAIL_REFUSED', 'a', now(), now()
         from run_canary order by 1 limit 9;
       insert into bill_receipt (bill_id, cycle, channel, kind, provider, came_by)
         select bill_id, 1, 'EMAIL', 'bounced_hard', 'p', 'webhook' from run_canary order by 1 desc limit 2`,
    );
    await turn();
    const gateFacts = await askValue<{ gate: string; count: number }[]>(
      db.database,
      `select facts -> 'gates' from run_event where what = 'paused'`,
    );
    const counts = gateFacts.map(({ gate, count }) => [gate, count]);
    assert.deepEqual(Object.fromEntries(counts), {
      refused: 9,
      unknown: 0,
      turned: 10,
      policy: 0,
      failed: 0,
      bounced: 2,
    });
    assert.deepEqual((await standing()).slice(0, 3), ['PAUSED', 'GATE', 'GATE_BOUNCED']);
  });

  it('holds before its first bill if a brake is on, and goes on being judged after that', async () => {
    const { run: number, seenHash } = await start({ canary, gates });
    const brake = {
      brake: 'EMAIL',
      kind: 'settings',
      cause: 'HTTP 401',
      by: 'test',
      firstTrialMs: null,
    } as const;
    await tripBrake(db.database, brake);
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'CANARY', 'BRAKE', 0]);
    assert.equal((await run()).hold?.detail, 'a brake is on: e-mail: settings: HTTP 401');
    await ask(db.database, 'delete from brake');
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    await turn();
    await tripBrake(db.database, brake);
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'GATE', 'BRAKE', 50]);
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    assert.deepEqual(await standing(), ['RUNNING', 'GATE', null, 50]);
  });

  it('holds if a column is missing, and names it', async () => {
    const { source } = deps.config;
    const load = source.load.replace(/\bvat\b/, 'no_such_column');
    deps = { ...deps, config: { ...deps.config, source: { ...source, load } } };
    await start({ canary, gates });
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'CANARY', 'SOURCE_INVALID', 0]);
    assert.match((await run()).hold?.detail ?? '', /no_such_column/);
  });

  it('holds if dispatchers print with another template than the one that was approved', async () => {
    await start({ canary, gates, templates: { bill: 'a'.repeat(64), 'bill/ko': 'b'.repeat(64) } });
    await insertDispatcher(db.database);
    await ask(db.database, `update dispatcher set template_version = repeat('c', 64)`);
    await turn();
    assert.deepEqual(await standing(), ['PAUSED', 'CANARY', 'TEMPLATE_CHANGED', 0]);
  });

  it('holds if nothing of its canary ends for minutes, and says what most wait for', async () => {
    await start({ canary, gates });
    const memories: RunMemories = new Map();
    await turn(memories);
    await ask(
      db.database,
      `update bill_notification set reason = 'LOAD_STOPPED' where publish_status <> 'HELD'`,
    );
    await turn(memories);
    for (const memory of memories.values()) {
      memory.nextLookMs = 0;
      memory.ended = { ...memory.ended, sinceMs: memory.ended.sinceMs - 300_000 };
    }
    await turn(memories);
    assert.deepEqual(await standing(), ['PAUSED', 'GATE', 'CANARY_STUCK', 50]);
    assert.match((await run()).hold?.detail ?? '', /^50 of 50 bills .* mostly LOAD_STOPPED \(50\)/);
  });

  it('goes to nobody if another one has its bills', async () => {
    await start({ canary, gates });
    await ask(
      db.database,
      `update bill_notification set publish_status = 'PUBLISHED', send_status = 'CANCELLED'`,
    );
    await turn();
    await turn();
    assert.deepEqual(await standing(), ['DONE', 'REST', null, 0]);
  });
});

describe('the rest of a run', () => {
  it('goes out by pace, in windows, not before its time', async () => {
    await start({ pace: { perSecond: 10 } });
    await turn();
    assert.equal(await released(), 10);
    await ask(
      db.database,
      `update run set plan = jsonb_set(plan, '{notBefore}', '"2999-01-01T00:00:00.000Z"')`,
    );
    await turn();
    assert.equal(await released(), 10);
    const closed = JSON.stringify([
      { from: '00:00', to: '00:01', timeZone: zoneWhereItIsNoon(), days: ['mon'] },
    ]);
    await ask(
      db.database,
      `update run set plan = plan || jsonb_build_object('notBefore', null, 'windows', $1::jsonb)`,
      [closed],
    );
    await turn();
    assert.equal(await released(), 10);
  });

  it('is released once by two keepers at once', async () => {
    await start();
    await Promise.all([turn(), turn(), turn()]);
    assert.deepEqual([(await run()).released, await released()], [bills, bills]);
    const seqs = await ask(db.database, 'select distinct publish_seq from bill_notification');
    assert.deepEqual(seqs, [[1]]);
  });

  it('goes on behind the last bill, and releases nothing if a statement is asked again', async () => {
    const started = await start();
    const rest = { ...started, order: standardLadder.order, limit: 120 };
    const first = await releaseRest(db.database, { ...rest, through: billIdOf(beforeAllBills) });
    const { released: ids } = first;
    assert.deepEqual([ids.length, ids[0], ids.at(-1), first.through], [120, '1', '120', '120']);
    const again = await releaseRest(db.database, { ...rest, through: billIdOf(beforeAllBills) });
    assert.deepEqual(again, { released: [], through: null });
    const second = await releaseRest(db.database, { ...rest, limit: bills, through: billIdOf('120') });
    assert.deepEqual([second.released.length, (await run()).released], [bills - 120, bills]);
    const after = { ...rest, through: billIdOf(bills) };
    assert.deepEqual(await releaseRest(db.database, after), { released: [], through: null });
  });

  it('looks at a window of its bills at a time, also if all of these are released already', async () => {
    const started = await start();
    await ask(db.database, `update bill_notification set publish_status = 'PUBLISHED' where bill_id <= 60`);
    const rest = { ...started, order: standardLadder.order, limit: 30, window: 50 };
    const steps = [];
    for (let through: BillId | null = billIdOf(beforeAllBills); steps.length < 4 && through !== null; ) {
      const step = await releaseRest(db.database, { ...rest, through });
      steps.push([step.released.length, step.through]);
      through = step.through;
    }
    assert.deepEqual(steps, [
      [0, '50'],
      [30, '90'],
      [30, '120'],
      [30, '150'],
    ]);
  });

  it('leaves behind no bill that somebody locked', async () => {
    await start();
    await inTransaction(db.database, async (connection) => {
      await connection.run('select from bill_notification where bill_id = 7 for update');
      await turn();
    });
    assert.equal(await released(), bills - 1);
    await deliver();
    await turn();
    await turn();
    assert.equal(await released(), bills);
    await deliver();
    await turn();
    assert.equal((await run()).state, 'DONE');
  });

  it('takes no bill that was held later than it was planned', async () => {
    await start();
    await ask(db.database, 'update bill_notification set changed_at = clock_timestamp() where bill_id <= 5');
    await turn();
    assert.equal(await released(), bills - 5);
  });

  it('is no more than was approved, also if more bills turn up that are as old, and ends with it', async () => {
    const memories: RunMemories = new Map();
    await start({ bills: 30, canary: { bills: 40 }, gates });
    await turn(memories);
    assert.equal(await released(), 30, 'the canary');
    await ask(db.database, `update run set phase = 'REST', released = 10 where number > 0`);
    await turn(memories);
    assert.equal(await released(), 50);
    await turn();
    assert.equal(await released(), 50);
    await deliver();
    await turn();
    assert.deepEqual((await standing()).slice(0, 2), ['DONE', 'REST']);
  });

  it('stops at a pause, at a brake and at a pause of the cluster', async () => {
    const { run: number, seenHash } = await start({ pace: { perSecond: 10 } });
    const brake = { brake: 'EMAIL', kind: 'unknown', cause: 'c', by: 'test', firstTrialMs: 1 } as const;
    await tripBrake(db.database, brake);
    await turn();
    assert.deepEqual([await released(), (await run()).state], [0, 'RUNNING'], 'it goes on by itself');
    await ask(db.database, 'delete from brake');
    const hold = { code: heldByPerson, detail: 'look' };
    await pauseRunRow(db.database, { number, seenHash, actor: 'ben' }, hold);
    await turn();
    assert.equal(await released(), 0);
    await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
    await turn();
    assert.equal(await released(), 10);
  });

  it('holds after a pause, even between two turns, if bills were changed meanwhile, also those that are out', async () => {
    const { run: number, seenHash } = await start({ isCounted: true, pace: { perSecond: 10 } });
    const memories: RunMemories = new Map();
    const pauseAndResume = async (betweenThem: () => Promise<void>): Promise<void> => {
      const seen = { number, seenHash, actor: 'ben' };
      await pauseRunRow(db.database, seen, { code: heldByPerson, detail: 'look' });
      await betweenThem();
      await resumeRunRow(db.database, seen, false);
    };
    await turn(memories);
    assert.deepEqual(await standing(), ['RUNNING', 'REST', null, 10]);
    for (const betweenThem of [() => turn(memories), async () => undefined]) {
      await setAmounts('(7, 0), (8, 2)');
      await pauseAndResume(betweenThem);
      await turn(memories);
      assert.deepEqual((await standing()).slice(0, 3), ['PAUSED', 'REST', 'BILLS_CHANGED']);
      await setAmounts('(7, 1), (8, 1)');
      await resumeRunRow(db.database, { number, seenHash, actor: 'ben' }, false);
      await turn(memories);
      assert.equal((await run()).state, 'RUNNING');
    }
  });

  it('holds if many fail before they are sent, which no brake sees', async () => {
    await start({ pace: { perSecond: 50 } });
    const memories: RunMemories = new Map();
    await turn(memories);
    await fail('CIPHER_FAILED');
    await turn(memories);
    assert.deepEqual(await standing(), ['PAUSED', 'REST', 'FAILURES', 50]);
    assert.match((await run()).hold?.detail ?? '', /failed: 50 of 50 bills \(100 %\).*CIPHER_FAILED/);
  });

  it('tells once that its deadline is in danger, and what would help', async () => {
    await start({ pace: { perSecond: 1 }, deadline: new Date(Date.now() + 60_000).toISOString() });
    const memories: RunMemories = new Map();
    for (let look = 0; look < 5; look++) {
      await turn(memories);
      for (const memory of memories.values()) memory.nextDeadlineMs = 0;
    }
    assert.deepEqual(
      (await events()).filter((what) => what.startsWith('deadline')),
      ['deadlineInDanger'],
    );
    const help = await askValue<string[]>(
      db.database,
      `select facts -> 'help' from run_event where what = 'deadlineInDanger'`,
    );
    assert.match(help[0] ?? '', /^the run's own pace is the limit/);
    assert.ok((await run()).expectedEnd !== null);
  });

  it('ends when its last bill may go on, without the bills of another run, and says so only while it is RUNNING', async () => {
    await start({ pace: { perSecond: bills } });
    const { number, planHash: seenHash } = await run();
    await ask(db.database, `update bill_notification set publish_status = 'PENDING' where bill_id <= 10`);
    const memories: RunMemories = new Map();
    const look = async () => {
      for (const memory of memories.values()) [memory.nextDeadlineMs, memory.nextRestMs] = [0, 0];
      await turn(memories);
      return (await run()).expectedEnd;
    };
    await turn(memories);
    assert.equal((await run()).released, bills - 10);
    const soon = await look();
    assert.ok(soon !== null && soon.getTime() < Date.now() + 60_000);
    await ask(
      db.database,
      `update bill_notification set not_before = '2099-11-28T08:00:00Z' where run = $1 and bill_id % 2 = 0`,
      [number],
    );
    await ask(db.database, `update bill_notification set send_status = 'DELIVERED' where bill_id % 2 = 1`);
    assert.equal((await look())?.toISOString(), '2099-11-28T08:00:00.000Z');
    await pauseRunRow(
      db.database,
      { number, seenHash, actor: 'ann' },
      { code: heldByPerson, detail: 'look' },
    );
    assert.equal((await run()).expectedEnd, null);
  });

  it('that waits for a retransmission, or for a late answer, is not done', async () => {
    await start();
    await turn();
    await fail('SMS_REFUSED');
    const change = (values: string) =>
      ask(db.database, `update bill_notification set ${values} where bill_id = 3`);
    await change('retransmit_at = now()');
    await turn();
    assert.equal((await run()).state, 'RUNNING');
    await change(`retransmit_at = null, failed_at = null, send_status = 'IN_DOUBT', claim_token = gen_random_uuid(),
      handed_off_at = now(), in_doubt_at = now()`);
    await turn();
    assert.equal((await run()).state, 'RUNNING');
    await change(`in_doubt_at = now() - interval '61 seconds'`);
    await turn();
    assert.equal((await run()).state, 'DONE');
  });
});

/** Where a window around midnight is closed, whatever the time is. */
function zoneWhereItIsNoon(): string {
  const offset = 12 - new Date().getUTCHours();
  return offset === 0 ? 'Etc/UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

describe('seed addresses', () => {
  it('get their bills before the first one goes out; a run that reaches none of them is held once', async () => {
    const asked: string[] = [];
    const { promise: failing, resolve } = Promise.withResolvers<SeedsEnd>();
    const ends = [failing, Promise.resolve({ kind: 'nothingToDo' } as const)];
    deps = {
      ...deps,
      sendSeeds: (name) => {
        asked.push(name);
        return ends.shift() ?? failing;
      },
    };
    const { run: number, seenHash } = await start({ canary, gates, seeds: true });
    const memories: RunMemories = new Map();
    await turn(memories);
    await turn(memories);
    assert.deepEqual([asked, await released()], [[id], 0]);
    resolve({ kind: 'failed', why: 'nobody took one' });
    await failing;
    await turn(memories);
    assert.deepEqual(await standing(), ['PAUSED', 'CANARY', 'SEEDS_FAILED', 0]);
    await resumeRunRow(db.database, { number, seenHash, actor: 'ann' }, false);
    await turn(memories);
    await turn(memories);
    assert.deepEqual([asked, await released()], [[id, id], 50]);
  });

  it('get nothing if the plan does not say so', async () => {
    deps = { ...deps, sendSeeds: () => Promise.reject(new Error('not asked for')) };
    await start({ canary, gates });
    await turn();
    assert.equal(await released(), 50);
  });
});
