import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { readStandings } from '../../../src/db/reads/selection.ts';
import { insertPlannedRun, insertPublishedRun } from '../../../src/db/runs/insertRun.ts';
import { countOverlap, countSelected, readProposalTime } from '../../../src/db/runs/proposalCounts.ts';
import * as changes from '../../../src/db/runs/runChanges.ts';
import { readRunEvents } from '../../../src/db/runs/runEvents.ts';
import { findRunRow, listRunRows } from '../../../src/db/runs/runRows.ts';
import { createRelease, releaseNamed } from '../../../src/db/transitions/releaseHeld.ts';
import { resendAs } from '../../../src/db/transitions/resendBills.ts';
import { completePlan, type PlannedSelection } from '../../../src/runs/plan.ts';
import { planHash } from '../../../src/runs/planHash.ts';
import type { PlanRequest } from '../../../src/runs/planRequest.ts';
import { type RunState, runStates } from '../../../src/runs/runState.ts';
import { ask, askValue } from '../../support/ask.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  memberIdOf,
  newToken,
} from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function proposed(selection: PlanRequest['selection'] = { month: '2026-11' }) {
  const surroundings = { templates: {}, timeZone: 'Asia/Seoul', now: new Date() };
  const plan = completePlan({ selection }, surroundings);
  const proposal = {
    asOf: await readProposalTime(db.database),
    bills: 1,
    notHeld: 0,
    unknown: 0,
    amount: null,
    channels: {},
    overlaps: [],
  };
  return { plan, proposal, planHash: planHash(plan, proposal), fourEyes: false };
}

/** Which states may follow which. */
const legalChanges: Readonly<Record<RunState, readonly RunState[]>> = {
  DRAFT: ['DRAFT', 'APPROVED', 'CLOSED'],
  APPROVED: ['DRAFT', 'RUNNING', 'CLOSED'],
  RUNNING: ['PAUSED', 'DONE'],
  PAUSED: ['RUNNING', 'DONE'],
  DONE: ['RUNNING', 'CLOSED'],
  CLOSED: [],
};

/** How an approval is judged, without a setting. */
const rules = { fourEyes: false, bothNamed: false };

async function planned(id: string, { fourEyes = false, isNamed = true } = {}) {
  const run = {
    ...(await proposed()),
    id,
    fourEyes,
    requestedNamed: isNamed,
    kind: 'PLANNED',
    requestedBy: 'ann',
  } as const;
  const number = await insertPlannedRun(db.database, run);
  assert.ok(number !== undefined);
  return { number, seenHash: run.planHash, actor: 'ben' };
}

async function stateOf(id: string) {
  return (await findRunRow(db.database, id))?.state;
}

describe('the bills of a selection', () => {
  it('have the same counts and hashes whether they are read at once or in windows', async () => {
    for (const id of [1, 2, 4_095, 4_096, 9_000, 9_001, 20_000, 20_001, 50_000]) {
      const channel = id % 3 === 0 ? 'SMS' : 'EMAIL';
      const publishStatus = id === 9_001 ? 'PUBLISHED' : 'HELD';
      await insertNotification(db.database, { billId: billIdOf(id), channel, publishStatus });
      await insertBill(db.database, { billId: billIdOf(id), month: '2026-11-01' });
    }
    const asOf = await readProposalTime(db.database);
    const options = { asOf, hasAmounts: true, usualCurrency: 'KRW' };
    const selection = { month: '2026-11' };
    const atOnce = await countSelected(db.database, selection, options);
    assert.deepEqual([atOnce.bills, atOnce.notHeld], [8, 1]);
    for (const billsAtOnce of [4, 5, 9]) {
      const inWindows = await countSelected(db.database, selection, { ...options, billsAtOnce });
      assert.deepEqual(inWindows, atOnce, `${billsAtOnce}`);
    }
    await ask(db.database, `update bill set total_billed_amount = total_billed_amount + 1 where id = 20001`);
    const changed = await countSelected(db.database, selection, { ...options, billsAtOnce: 4 });
    assert.notEqual(changed.fingerprint.bills, atOnce.fingerprint.bills);
  });
});

describe('a run', () => {
  it('is added once, also if the statement is asked again', async () => {
    const run = { ...(await proposed()), id: '2026-11', kind: 'PLANNED', requestedBy: 'ann' } as const;
    const number = await insertPlannedRun(db.database, run);
    assert.equal(await insertPlannedRun(db.database, run), number);
    assert.equal(await insertPlannedRun(db.database, { ...run, requestedBy: 'eve' }), undefined);
    const found = await findRunRow(db.database, '2026-11');
    assert.deepEqual([found?.number, found?.state, found?.plan], [number, 'DRAFT', run.plan]);
    const published = { ...(await proposed()), id: '2026-12', requestedBy: 'ann' };
    assert.ok((await insertPublishedRun(db.database, published)) !== undefined);
    const runs = await listRunRows(db.database, { limit: 10 });
    assert.deepEqual(
      runs.map(({ id, state, phase }) => [id, state, phase]),
      [
        ['2026-12', 'RUNNING', 'REST'],
        ['2026-11', 'DRAFT', 'CANARY'],
      ],
    );
    assert.equal((await listRunRows(db.database, { limit: 10, before: number ?? 0 })).length, 0);
    assert.equal((await listRunRows(db.database, { limit: 10, states: ['DRAFT'] })).length, 1);
  });

  it('goes its way, and tells each step', async () => {
    const seen = await planned('2026-11');
    assert.equal(await changes.approveRunRow(db.database, seen, rules), true);
    assert.equal(await changes.approveRunRow(db.database, seen, rules), true, 'its answer was lost');
    const other = { ...seen, actor: 'cai' };
    assert.equal(await changes.approveRunRow(db.database, other, rules), false, 'it is approved already');
    const way = { phase: 'CANARY', fourEyes: false } as const;
    assert.equal(await changes.startRunRow(db.database, seen, way), true);
    const hold = { code: 'GATE_REFUSED', detail: '7 of 10' };
    assert.equal(await changes.pauseRunRow(db.database, { ...seen, facts: hold }, hold), true);
    await ask(db.database, `update run set phase = 'GATE' where id = '2026-11'`);
    assert.equal(await changes.resumeRunRow(db.database, seen, false), true);
    const run = await findRunRow(db.database, '2026-11');
    assert.deepEqual([run?.phase, run?.hold], ['REST', null], 'a person overrules the gate');
    assert.equal(await changes.finishRunRow(db.database, seen), true);
    assert.equal(await changes.closeRunRow(db.database, seen), true);
    const events = await readRunEvents(db.database, seen.number, 10);
    assert.deepEqual(
      events.map(({ what, actor }) => `${what} ${actor}`),
      ['created ann', 'approved ben', 'started ben', 'paused ben', 'resumed ben', 'done ben', 'closed ben'],
    );
    assert.deepEqual(events[3]?.facts, hold);
  });

  it('loses its approval by a change, and nothing changes for who saw another plan', async () => {
    const seen = await planned('2026-11');
    await changes.approveRunRow(db.database, seen, rules);
    const next = await proposed({ month: '2026-12' });
    assert.equal(await changes.changeRunRow(db.database, seen, next), true);
    assert.equal(await stateOf('2026-11'), 'DRAFT');
    assert.equal(await changes.approveRunRow(db.database, seen, rules), false);
    assert.equal(await changes.changeRunRow(db.database, { ...seen, actor: 'cai' }, next), false);
    const now = { ...seen, seenHash: next.planHash };
    assert.equal(await changes.startRunRow(db.database, now, { phase: 'REST', fourEyes: false }), false);
    assert.equal(await stateOf('2026-11'), 'DRAFT');
  });

  it('with four eyes is approved by another, and not started without', async () => {
    const seen = await planned('2026-11', { fourEyes: true });
    assert.equal(await changes.approveRunRow(db.database, { ...seen, actor: 'Ann' }, rules), false);
    const unnamed = await planned('on-a-host', { fourEyes: true, isNamed: false });
    assert.equal(
      await changes.approveRunRow(db.database, unnamed, { ...rules, bothNamed: true }),
      false,
      'who asked is not known',
    );
    const asked = { ...(await proposed({ month: '2026-12' })), fourEyes: true, requestedNamed: true };
    await changes.changeRunRow(db.database, { ...unnamed, actor: 'ann' }, asked);
    const named = { ...unnamed, seenHash: asked.planHash };
    assert.equal(await changes.approveRunRow(db.database, named, { ...rules, bothNamed: true }), true);
    assert.equal(await changes.approveRunRow(db.database, seen, rules), true);
    const early = await planned('2026-12');
    await changes.approveRunRow(db.database, { ...early, actor: 'ann' }, rules);
    const start = { phase: 'REST', fourEyes: true } as const;
    assert.equal(
      await changes.startRunRow(db.database, early, start),
      false,
      'it was planned before the setting',
    );
    assert.equal(await changes.startRunRow(db.database, seen, start), true);
    await changes.pauseRunRow(db.database, seen, { code: 'GATE_REFUSED', detail: '7 of 10' });
    assert.equal(await changes.resumeRunRow(db.database, { ...seen, actor: 'ann' }, true), false);
    assert.equal(await changes.resumeRunRow(db.database, seen, true), true);
  });

  it('changes in the database only as the table of legal changes says', async () => {
    await planned('2026-11');
    const states = runStates.map((state) => `'${state}'`).join(', ');
    await ask(
      db.database,
      `do $$ declare old text; new text; begin
         create table refused (change text);
         foreach old in array array[${states}] loop foreach new in array array[${states}] loop begin
           update run set state = new, previous_state = old, approved_hash = plan_hash,
             hold = case when new = 'PAUSED' then 'X' end where id = '2026-11';
         exception when check_violation then insert into refused values (old || ' ' || new);
         end; end loop; end loop;
       end $$`,
    );
    const refused = (await ask<[string]>(db.database, 'select change from refused')).map(
      ([change]) => change,
    );
    const illegal = runStates.flatMap((from) =>
      runStates.filter((to) => !legalChanges[from].includes(to)).map((to) => `${from} ${to}`),
    );
    assert.deepEqual(refused, illegal);
  });
});

describe('the bills of a run', () => {
  async function hold(id: number, { member = 7, month = '2026-11-01' } = {}): Promise<void> {
    const billId = String(id) as BillId;
    await insertNotification(db.database, { billId, memberId: memberIdOf(member), publishStatus: 'HELD' });
    await insertBill(db.database, { billId, month, memberId: memberIdOf(member) });
  }
  const runsOfBills = () =>
    ask<[string, number]>(db.database, 'select bill_id::text, run from bill_notification order by bill_id');

  async function count(selection: PlannedSelection) {
    const asOf = await readProposalTime(db.database);
    return countSelected(db.database, selection, { asOf, hasAmounts: true, usualCurrency: 'KRW' });
  }

  it('are counted by month, ids and fields', async () => {
    await ask(db.database, `insert into member (id, name, grade) values (7, 'x', 'VIP'), (8, 'x', 'GOLD')`);
    await hold(1);
    await hold(2, { member: 8 });
    await hold(3, { month: '2026-10-01' });
    await insertNotification(db.database, { billId: '4' as BillId, sendStatus: 'DELIVERED' });
    const november = await count({ month: '2026-11' });
    assert.deepEqual([november.bills, november.channels], [2, { EMAIL: 2 }]);
    assert.match(String(november.amount), /^\d+$/);
    assert.equal(november.currency, 'KRW');
    await ask(db.database, `update bill set currency = 'USD' where id = 2`);
    assert.equal((await count({ month: '2026-11' })).currency, null, 'they have two');
    const ids = await count({ billIds: ['1', '4', '9'] as BillId[] });
    assert.deepEqual([ids.bills, ids.notHeld], [1, 1]);
    assert.equal((await count({ fields: { month: '2026-11', grade: ['VIP'] } })).bills, 1);
    assert.equal((await count({ fields: { grade: ['VIP', 'GOLD'], channel: ['EMAIL'] } })).bills, 3);
    assert.equal((await count({ fields: { channel: ['SMS'] } })).bills, 0);
    await ask(
      db.database,
      `update bill_notification set channel = 'SMS', passed = '{EMAIL}' where bill_id = 2`,
    );
    assert.deepEqual((await count({ month: '2026-11' })).channels, { EMAIL: 2 }, 'it has turned since');
    const overlap = [{ month: '2026-11' }, { fields: { grade: ['GOLD'] } }] as const;
    assert.equal(await countOverlap(db.database, overlap, null), 1);
    const before = '2000-01-01T00:00:00Z';
    assert.equal(await countOverlap(db.database, overlap, before), 0, 'held since the other was counted');
  });

  it('belong to the one that releases them first; no other one has them', async () => {
    for (const id of [1, 2, 3]) await hold(id);
    const first = await planned('2026-11');
    const second = await planned('2026-11-2');
    const { order } = standardLadder;
    const billIds = ['1', '2'] as BillId[];
    assert.equal(await releaseNamed(db.database, { billIds, order, run: first.number }), 2);
    const rest = createRelease(db.database, { order, month: '2026-11-01', run: second.number });
    assert.equal(await rest.next(10), 1);
    assert.deepEqual(await runsOfBills(), [
      ['1', first.number],
      ['2', first.number],
      ['3', second.number],
    ]);
    await ask(
      db.database,
      `update bill_notification set send_status = 'DELIVERED', claim_token = gen_random_uuid() where bill_id = 1`,
    );
    const resend = resendAs(db.database, { actor: 'test', first: 'EMAIL', reason: 'asked for it' });
    const standings = await readStandings(db.database, ['1'] as BillId[]);
    assert.equal((await resend.make(standings, newToken())).size, 1);
    assert.deepEqual((await runsOfBills())[0], ['1', first.number], 'sent again, it keeps its run');
    const released = 'select array_agg(released order by number) from run where number <> 0';
    assert.deepEqual(await askValue(db.database, released), [2, 1]);
  });
});
