import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { forgetBillsOfActions } from '../../../src/db/forgottenActions.ts';
import { createActionWorker } from '../../../src/operations/actions/actionWorker.ts';
import { runActionPage } from '../../../src/operations/actions/runAction.ts';
import type { Role } from '../../../src/policy/roles.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { eventually } from '../../support/eventually.ts';
import { billIdOf, emptyTables, insertNotification, standingOf } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute('truncate bill_action, bill_action_bill, access_record');
});

async function ask(role: Role, url: string, payload?: object) {
  const app = await createTestApi({ database: test.database });
  return app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: bearer(role),
    ...(payload !== undefined && { payload }),
  });
}

async function fail(...ids: number[]): Promise<void> {
  for (const id of ids) {
    await insertNotification(test.database, {
      billId: billIdOf(id),
      sendStatus: 'FAILED',
      publishStatus: 'PUBLISHED',
      reason: 'EMAIL_REFUSED',
    });
  }
}

async function look(payload: object): Promise<string> {
  return (await ask('operator', '/actions', payload)).json().actionId;
}

/** Moves page by page, as the worker does, until the action is over. */
async function runToEnd(id: string): Promise<void> {
  while (!(await runActionPage({ ...test, config: { ladder: standardLadder } }, id)).finished);
}

const retryRefused = { kind: 'retry', selection: { reason: 'EMAIL_REFUSED' } };
const why = { reason: 'provider has fixed it' };

describe('an action', () => {
  it('first says how many bills, how many not and why, with a sample, and changes nothing', async () => {
    await fail(1, 2);
    await insertNotification(test.database, {
      billId: billIdOf(3),
      sendStatus: 'FAILED',
      publishStatus: 'PENDING',
      reason: 'EMAIL_REFUSED',
    });
    await insertNotification(test.database, { billId: billIdOf(4), sendStatus: 'DELIVERED' });
    const answer = await ask('operator', '/actions', {
      kind: 'retry',
      dryRun: true,
      selection: { billIds: ['1', '2', '3', '4', '5'] },
    });
    const action = answer.json();
    assert.deepEqual([answer.statusCode, action.state, action.selected, action.count], [201, 'READY', 5, 2]);
    assert.equal(answer.headers.location, `/api/v1/actions/${action.actionId}`);
    assert.deepEqual(
      new Map(action.notEligible.map((one: { reason: string; count: number }) => [one.reason, one.count])),
      new Map([
        ['DEAD_LETTER_OWED', 1],
        ['DELIVERED', 1],
        ['NOT_FOUND', 1],
      ]),
    );
    assert.deepEqual(
      action.sample.map(({ billId }: { billId: string }) => billId),
      ['1', '2'],
    );
    assert.ok(Date.parse(action.expiresAt) > Date.parse(action.asOf));
    assert.equal((await standingOf(test.database, billIdOf(1))).sendStatus, 'FAILED');
  });

  it('says of a retry, until it starts, how many addresses were refused for good', async () => {
    await fail(1, 2);
    await test.database.execute(
      `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, address_hash, actor,
         started_at, finished_at)
       select 1, gen_random_uuid(), 'REFUSED', cycle, 'EMAIL', true, 'k:h', 'dispatcher a', now(), now()
       from generate_series(1, 2) cycle`,
    );
    const { actionId, refusedBefore } = (await ask('operator', '/actions', retryRefused)).json();
    assert.equal(refusedBefore, 1);
    const read = async () => (await ask('viewer', `/actions/${actionId}`)).json().refusedBefore;
    assert.equal(await read(), 1);
    await ask('operator', `/actions/${actionId}/start`, why);
    assert.equal(await read(), null);
  });

  it('moves what it showed and nothing else: not what failed since, nor what has changed', async () => {
    await fail(1, 2, 3);
    const id = await look(retryRefused);
    await fail(4);
    await test.database.execute('update bill_notification set cycle = cycle + 1 where bill_id = 2');
    await test.database.execute(
      'update bill_notification set publish_seq = publish_seq + 1 where bill_id = 3',
    );
    const started = await ask('operator', `/actions/${id}/start`, why);
    assert.deepEqual([started.statusCode, started.json().state], [202, 'RUNNING']);
    await runToEnd(id);
    const action = (await ask('viewer', `/actions/${id}`)).json();
    assert.deepEqual([action.state, action.count, action.moved, action.skipped], ['DONE', 3, 1, 2]);
    assert.deepEqual([action.startedBy, action.reason], ['operator-token', why.reason]);
    const states = await Promise.all(
      [1, 2, 3, 4].map(async (bill) => (await standingOf(test.database, billIdOf(bill))).sendStatus),
    );
    assert.deepEqual(states, ['PENDING', 'FAILED', 'FAILED', 'FAILED']);
  });

  it('leaves a bill alone that somebody changes while its page is moved', async () => {
    for (const bill of [1, 2]) {
      await insertNotification(test.database, { billId: billIdOf(bill), publishStatus: 'HELD' });
    }
    const id = await look({ kind: 'cancel', selection: { billIds: ['1', '2'] } });
    await ask('operator', `/actions/${id}/start`, why);
    await test.database.withConnection(async (connection) => {
      await connection.run('begin');
      await connection.run(
        `update bill_notification set publish_status = 'PENDING', publish_seq = publish_seq + 1 where bill_id = 2`,
      );
      const ended = runToEnd(id);
      await eventually(async () => (await standingOf(test.database, billIdOf(1))).sendStatus === 'CANCELLED');
      await connection.run('commit');
      await ended;
    });
    const action = (await ask('viewer', `/actions/${id}`)).json();
    assert.deepEqual([action.moved, action.skipped], [1, 1]);
    assert.equal((await standingOf(test.database, billIdOf(2))).sendStatus, 'PENDING');
  });

  it('says nothing about another delivery of the same bill, which has another token', async () => {
    for (const bill of [1, 2]) {
      await insertNotification(test.database, {
        billId: billIdOf(bill),
        sendStatus: 'IN_DOUBT',
        inDoubtMsAgo: 1_000,
      });
    }
    const id = await look({ kind: 'resolve', verdict: 'delivered', selection: { billIds: ['1', '2'] } });
    await test.database.execute('update bill_notification set claim_token = uuidv7() where bill_id = 2');
    await ask('operator', `/actions/${id}/start`, why);
    await runToEnd(id);
    assert.equal((await standingOf(test.database, billIdOf(1))).sendStatus, 'DELIVERED');
    assert.equal((await standingOf(test.database, billIdOf(2))).sendStatus, 'IN_DOUBT');
  });

  it('counts a bill once if its process dies in the middle of a page', async () => {
    await fail(1, 2, 3);
    const id = await look(retryRefused);
    await ask('operator', `/actions/${id}/start`, why);
    await runActionPage({ ...test, config: { ladder: standardLadder } }, id);
    // As if the process had ended before it wrote down the page that it had moved.
    await test.database.execute(`
      update bill_action
      set moved = 0, skipped = 0, through = 0,
          page_token = (select claim_token from delivery_attempt where bill_id = 1 and outcome = 'RETRIED')`);
    await runToEnd(id);
    const action = (await ask('viewer', `/actions/${id}`)).json();
    assert.deepEqual([action.moved, action.skipped], [3, 0]);
    assert.equal((await standingOf(test.database, billIdOf(1))).cycle, 2);
  });

  it('starts once, and not after it has expired', async () => {
    await fail(1);
    const id = await look(retryRefused);
    await test.database.execute('update bill_action set expires_at = now()');
    assert.equal((await ask('operator', `/actions/${id}/start`, why)).json().code, 'ACTION_EXPIRED');
    await test.database.execute(`update bill_action set expires_at = now() + interval '1 hour'`);
    assert.equal((await ask('operator', `/actions/${id}/start`, why)).statusCode, 202);
    assert.equal((await ask('operator', `/actions/${id}/start`, why)).json().code, 'ACTION_MOVED_ON');
    assert.equal((await ask('operator', `/actions/${id}/start`, {})).json().code, 'REQUEST_INVALID');
  });

  it('keeps its pace on the server, stops on request, and is recorded', async () => {
    await fail(...Array.from({ length: 12 }, (_, index) => index + 1));
    const id = await look(retryRefused);
    const worker = createActionWorker({
      config: { ladder: standardLadder },
      database: test.database,
      log: silentLog,
    });
    worker.start();
    try {
      await ask('operator', `/actions/${id}/start`, { ...why, ratePerSecond: 1 });
      await eventually(async () => (await ask('viewer', `/actions/${id}`)).json().moved > 0);
      assert.equal((await ask('operator', `/actions/${id}/stop`, {})).json().stoppedBy, 'operator-token');
      await eventually(async () => (await ask('viewer', `/actions/${id}`)).json().state === 'STOPPED');
    } finally {
      await worker.stop();
    }
    const { moved } = (await ask('viewer', `/actions/${id}`)).json();
    assert.ok(moved > 0 && moved < 12);
    const records = (await ask('auditor', '/audit')).json().items;
    const end = records.find(({ what }: { what: string }) => what === 'endAction');
    assert.deepEqual([end.who, end.bills, end.reason], ['operator-token', moved, why.reason]);
    assert.equal((await ask('operator', `/actions/${id}/stop`, {})).json().code, 'ACTION_MOVED_ON');
  });

  it('keeps its pace beside others, and does not slow them down', async () => {
    await fail(1, 2, 3);
    await insertNotification(test.database, { billId: billIdOf(4) });
    const slow = await look(retryRefused);
    const fast = await look({ kind: 'cancel', selection: { billIds: ['4'] } });
    await ask('operator', `/actions/${slow}/start`, { ...why, ratePerSecond: 0.001 });
    await ask('operator', `/actions/${fast}/start`, why);
    const worker = createActionWorker({
      config: { ladder: standardLadder },
      database: test.database,
      log: silentLog,
    });
    worker.start();
    try {
      await eventually(async () => (await ask('viewer', `/actions/${fast}`)).json().state === 'DONE');
    } finally {
      await worker.stop();
    }
    assert.equal((await ask('viewer', `/actions/${slow}`)).json().moved, 1);
  });

  it('has its bills forgotten a week after its end, in parts', async () => {
    await fail(1, 2, 3);
    const old = await look(retryRefused);
    const young = await look(retryRefused);
    await test.database.execute(
      `update bill_action set state = 'STOPPED', finished_at = now() - interval '8 days' where id = '${old}'`,
    );
    const forget = () => forgetBillsOfActions(test.database, { keepMs: 7 * 86_400_000, limit: 2 });
    assert.deepEqual([await forget(), await forget(), await forget()], [2, 1, 0]);
    const { rows } = await test.database.execute('select distinct action_id from bill_action_bill');
    assert.deepEqual(rows, [{ action_id: young }]);
  });

  it('resolves, resends, cancels and bounces too', async () => {
    const add = insertNotification;
    await add(test.database, { billId: billIdOf(1), sendStatus: 'IN_DOUBT', inDoubtMsAgo: 1_000 });
    await add(test.database, { billId: billIdOf(2), sendStatus: 'DELIVERED' });
    await add(test.database, { billId: billIdOf(3) });
    await add(test.database, { billId: billIdOf(4), sendStatus: 'DELIVERED' });
    const asked = [
      { kind: 'resolve', verdict: 'delivered', selection: { billIds: ['1'] } },
      { kind: 'resend', selection: { billIds: ['2'] } },
      { kind: 'cancel', selection: { billIds: ['3'] } },
      { kind: 'bounce', bounces: [{ billId: '4', reason: '550 a@b.example unknown' }] },
    ];
    for (const request of asked) {
      const id = await look(request);
      assert.equal((await ask('operator', `/actions/${id}/start`, why)).statusCode, 202, request.kind);
      await runToEnd(id);
      assert.equal((await ask('viewer', `/actions/${id}`)).json().moved, 1, request.kind);
    }
    const states = await Promise.all(
      [1, 2, 3, 4].map(async (bill) => {
        const { sendStatus, channel, cycle } = await standingOf(test.database, billIdOf(bill));
        return `${sendStatus} ${channel} ${cycle}`;
      }),
    );
    assert.deepEqual(states, ['DELIVERED EMAIL 1', 'PENDING EMAIL 2', 'CANCELLED EMAIL 1', 'PENDING SMS 1']);
  });

  it('is for one bill only, if an agent asks', async () => {
    await fail(1, 2);
    const one = await ask('agent', '/actions', { kind: 'retry', selection: { billIds: ['1'] } });
    assert.equal(one.statusCode, 201);
    assert.equal((await ask('agent', `/actions/${one.json().actionId}/start`, why)).statusCode, 202);
    for (const request of [
      retryRefused,
      { kind: 'retry', selection: { billIds: ['1', '2'] } },
      { kind: 'cancel', selection: { billIds: ['1'] } },
    ]) {
      assert.equal((await ask('agent', '/actions', request)).json().code, 'NOT_ALLOWED');
    }
    const many = await look(retryRefused);
    assert.equal((await ask('agent', `/actions/${many}/start`, why)).json().code, 'NOT_ALLOWED');
    assert.equal((await ask('viewer', '/actions', retryRefused)).json().code, 'NOT_ALLOWED');
  });

  it('refuses a selection of no bills, and a replacement that cannot be one', async () => {
    const cancel = { kind: 'cancel', selection: { billIds: ['1'] } };
    for (const request of [
      { kind: 'retry', selection: {} },
      { kind: 'delete', selection: { billIds: ['1'] } },
      { ...retryRefused, dryRun: false },
      { ...cancel, replacedBy: '1' },
      { ...cancel, replacedBy: '99' },
    ]) {
      const answer = await ask('operator', '/actions', request);
      assert.deepEqual([answer.statusCode, answer.json().code], [400, 'REQUEST_INVALID']);
    }
    assert.equal((await ask('viewer', '/actions/not-a-uuid')).statusCode, 400);
    const missing = await ask('viewer', '/actions/00000000-0000-4000-8000-000000000000');
    assert.equal(missing.json().code, 'ACTION_NOT_FOUND');
  });

  it('is listed, the newest first, page by page', async () => {
    const ids = [await look(retryRefused), await look(retryRefused), await look(retryRefused)];
    const first = (await ask('viewer', '/actions?limit=2')).json();
    assert.deepEqual(
      first.items.map(({ actionId }: { actionId: string }) => actionId),
      [ids[2], ids[1]],
    );
    const second = (await ask('viewer', `/actions?limit=2&after=${first.next}`)).json();
    assert.deepEqual([second.items[0].actionId, second.next], [ids[0], null]);
  });
});
