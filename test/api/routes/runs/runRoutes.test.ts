import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Role } from '../../../../src/policy/roles.ts';
import { ask, askValue } from '../../../support/ask.ts';
import { runBillcast } from '../../../support/commandLine.ts';
import {
  billIdOf,
  emptyTables,
  insertDispatcher,
  insertNotification,
} from '../../../support/notifications.ts';
import { bearer, createTestApi, everyToken, tokenOf, tokensOf } from '../../../support/testApi.ts';
import { insertBill } from '../../../support/testBills.ts';
import { testKafkaBrokers } from '../../../support/testKafka.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

/** Asks as a role; the name of its token is `<role>-token`. */
async function api(environment: Record<string, string> = { API_TOKENS: everyToken }) {
  const app = await createTestApi({ database: test.database, environment });
  return async (role: Role, [method, path]: readonly ['GET' | 'POST', string], payload?: object) => {
    const options = { method, url: `/api/v1/runs${path}`, headers: bearer(role) };
    const answer = await app.inject(payload === undefined ? options : { ...options, payload });
    return { status: answer.statusCode, ...answer.json() };
  };
}

async function hold(...ids: number[]): Promise<void> {
  for (const id of ids) {
    await insertNotification(test.database, { billId: billIdOf(id), publishStatus: 'HELD', publishSeq: 0 });
    await insertBill(test.database, { billId: billIdOf(id), month: '2026-11-01', totalBilledAmount: '100' });
  }
}

const november = { plan: { selection: { month: '2026-11' }, canary: { percent: 1 } } };

describe('the routes of runs', () => {
  it('refuse a place in the list that no run has', async () => {
    const request = await api();
    assert.equal((await request('viewer', ['GET', '?after=2147483647'])).status, 200);
    assert.equal((await request('viewer', ['GET', '?after=2147483648'])).status, 400);
  });

  it('lead a month from the plan to its end, each step by its role', async () => {
    await hold(1, 2, 3);
    const request = await api();
    const draft = await request('operator', ['POST', ''], { ...november, dryRun: true });
    assert.deepEqual([draft.status, draft.proposal.bills, draft.proposal.amount], [200, 3, '300']);
    assert.equal((await request('viewer', ['GET', ''])).items.length, 0, 'a dry run makes nothing');
    const made = await request('operator', ['POST', ''], november);
    assert.deepEqual([made.status, made.runId, made.state], [201, '2026-11', 'DRAFT']);
    assert.match(made.plan.templates['bill/ko'], /^[0-9a-f]{64}$/);
    const { planHash } = made;
    assert.equal((await request('operator', ['POST', '/2026-11/start'], {})).code, 'RUN_MOVED_ON');
    assert.equal((await request('operator', ['POST', '/2026-11/approve'], { planHash })).status, 403);
    const approved = await request('approver', ['POST', '/2026-11/approve'], { planHash });
    assert.deepEqual([approved.state, approved.approvedBy], ['APPROVED', 'person approver-token']);
    const started = await request('operator', ['POST', '/2026-11/start'], {});
    assert.deepEqual([started.state, started.phase], ['RUNNING', 'CANARY']);
    const paused = await request('operator', ['POST', '/2026-11/pause'], { reason: 'wrong due date' });
    assert.deepEqual(
      [paused.state, paused.hold.code, paused.hold.detail],
      ['PAUSED', 'PERSON', 'wrong due date'],
    );
    assert.equal((await request('operator', ['POST', '/2026-11/resume'], {})).state, 'RUNNING');
    await request('operator', ['POST', '/2026-11/pause'], { reason: 'once more' });
    assert.equal((await request('operator', ['POST', '/2026-11/close'], {})).state, 'DONE');
    assert.equal((await request('operator', ['POST', '/2026-11/close'], {})).state, 'CLOSED');
    const { events } = await request('viewer', ['GET', '/2026-11']);
    assert.deepEqual(
      events.map(({ what }: { what: string }) => what),
      ['created', 'approved', 'started', 'paused', 'resumed', 'paused', 'done', 'closed'],
    );
    assert.equal((await request('viewer', ['GET', '/2026-12'])).code, 'RUN_NOT_FOUND');
  });

  it('refuse a plan that cannot be used, an id that is taken, and a plan that is not the one that was seen', async () => {
    await hold(1);
    const request = await api();
    const empty = await request('operator', ['POST', ''], { plan: { selection: { month: '2026-01' } } });
    assert.match(empty.detail, /the selection names no bill/);
    const wrong = await request('operator', ['POST', ''], { plan: { selection: { month: '2026-13' } } });
    assert.deepEqual([wrong.status, wrong.errors[0].pointer], [400, '/body/plan/selection/month']);
    const { planHash } = await request('operator', ['POST', ''], { ...november, runId: 'vip' });
    assert.equal((await request('operator', ['POST', ''], { ...november, runId: 'vip' })).code, 'RUN_EXISTS');
    await request('approver', ['POST', '/vip/approve'], { planHash });
    const changed = await request('operator', ['POST', '/vip/change'], { planHash, plan: november.plan });
    assert.deepEqual([changed.state, changed.approvedBy], ['DRAFT', null]);
    assert.equal((await request('approver', ['POST', '/vip/approve'], { planHash })).code, 'RUN_CHANGED');
    const other = await request('operator', ['POST', ''], { ...november, runId: 'other' });
    assert.deepEqual(other.proposal.overlaps, [{ run: 'vip', bills: 1 }]);
  });

  it('say of each group of bills why none of it can be planned', async () => {
    const request = await api();
    const why = async (selection: object) =>
      (await request('operator', ['POST', ''], { plan: { selection } })).detail;
    await hold(1, 2);
    await ask(test.database, `update bill_notification set changed_at = now() + interval '30 days'`);
    const ahead = await why({ month: '2026-11' });
    assert.match(
      ahead,
      /: 2 are held, but by changed_at only after \d{4}-\d\d-\d\dT[^ ]*Z, when they were counted: /,
    );
    assert.doesNotMatch(ahead, /released|unknown|registered/);
    await insertNotification(test.database, { billId: billIdOf(3), sendStatus: 'DELIVERED' });
    for (const id of [3, 4]) await insertBill(test.database, { billId: billIdOf(id), month: '2026-11-01' });
    const mixed = await why({ fields: { month: '2026-11' } });
    assert.match(
      mixed,
      /1 is released or cancelled already; 2 are held, .*; 1 bill of 2026-11 waits for .*register --month 2026-11/,
    );
    const named = await why({ billIds: ['1', '3', '9'] });
    assert.match(named, /1 is released or cancelled already; 1 is held, .*; 1 is unknown$/);
    assert.match(
      await why({ month: '2026-01' }),
      /names no bill: plan the run when the billing batch has written its bills$/,
    );
    await hold(5);
    const { proposal } = await request('operator', ['POST', ''], { ...november, dryRun: true });
    assert.deepEqual([proposal.bills, proposal.notHeld, proposal.heldLater, proposal.unknown], [1, 1, 2, 0]);
  });

  it('start nothing that has changed since it was approved', async () => {
    await hold(1, 2);
    const request = await api();
    const approve = async (runId: string) => {
      const { planHash } = await request('operator', ['POST', ''], { ...november, runId });
      await request('approver', ['POST', `/${runId}/approve`], { planHash });
    };
    await approve('one');
    await ask(test.database, 'update bill set total_billed_amount = 101 where id = 1');
    const other = await request('operator', ['POST', '/one/start'], {});
    assert.deepEqual([other.status, other.code], [409, 'NOT_AS_APPROVED']);
    assert.match(other.detail, /sum was KRW 200 when they were approved, and is KRW 201 now/);
    await approve('two');
    await approve('forged');
    await ask(test.database, `update run set plan = plan || '{"canary":null}' where id = 'forged'`);
    const forged = await request('operator', ['POST', '/forged/start'], {});
    assert.match(forged.detail, /is not the one that was approved: somebody changed it by hand/);
    await hold(3);
    const id = await insertDispatcher(test.database, { name: 'host-9:1' });
    await ask(test.database, `update dispatcher set template_version = 'abc' where id = $1`, [id]);
    const templates = await request('operator', ['POST', '/two/start'], {});
    assert.equal(templates.code, 'NOT_AS_APPROVED');
    assert.match(templates.detail, /that of dispatcher host-9:1 \(abc\)/);
    await ask(test.database, 'delete from dispatcher');
    const started = await request('operator', ['POST', '/two/start'], {});
    assert.equal(started.state, 'RUNNING', 'a bill that came later is no part of it');
    await approve('swapped');
    await ask(
      test.database,
      `update bill set total_billed_amount = 201 - total_billed_amount where id in (1, 2)`,
    );
    const swapped = await request('operator', ['POST', '/swapped/start'], {});
    assert.match(swapped.detail, /as many, with the same sum, but bills were exchanged/);
    await approve('gone');
    await ask(test.database, `update bill_notification set send_status = 'CANCELLED' where bill_id = 3`);
    assert.equal((await request('operator', ['POST', '/gone/start'], {})).state, 'RUNNING');
    await approve('gone-and-changed');
    await ask(
      test.database,
      `update bill_notification set send_status = 'CANCELLED' where bill_id = 2;
       update bill set total_billed_amount = 1 where id = 1`,
    );
    const changed = await request('operator', ['POST', '/gone-and-changed/start'], {});
    assert.match(changed.detail, /1 of them are gone, and beside that/);
  });
});

describe('four eyes', () => {
  const environment = { API_TOKENS: everyToken, FOUR_EYES: 'true' };

  it('let nobody approve their own run, and nobody publish', async () => {
    await hold(1);
    const request = await api(environment);
    const { planHash, fourEyes } = await request('admin', ['POST', ''], november);
    assert.equal(fourEyes, true);
    const own = await request('admin', ['POST', '/2026-11/approve'], { planHash });
    assert.deepEqual([own.status, own.code], [403, 'OWN_RUN']);
    const app = await createTestApi({ database: test.database, environment });
    for (const payload of [{ month: '2026-11' }, { billIds: [1] }, { all: true }]) {
      const refused = await app.inject({
        method: 'POST',
        url: '/api/v1/publish',
        headers: bearer('operator'),
        payload,
      });
      assert.deepEqual([refused.statusCode, refused.json().code], [403, 'APPROVAL_NEEDED']);
      assert.match(refused.json().detail, /billcast run create/);
    }
    const held = `select publish_status from bill_notification where bill_id = 1`;
    assert.equal(await askValue(test.database, held), 'HELD');
    assert.equal((await request('approver', ['POST', '/2026-11/approve'], { planHash })).state, 'APPROVED');
  });

  it('overrule a gate, with a reason', async () => {
    await hold(1);
    const request = await api(environment);
    const { planHash } = await request('admin', ['POST', ''], november);
    await request('approver', ['POST', '/2026-11/approve'], { planHash });
    await request('admin', ['POST', '/2026-11/start'], {});
    const reason = 'known addresses';
    const none = await request('approver', ['POST', '/2026-11/overrule'], { reason });
    assert.deepEqual([none.status, none.code], [409, 'RUN_MOVED_ON']);
    const gate = `state = 'PAUSED', previous_state = 'RUNNING', phase = 'GATE', hold = 'GATE_REFUSED'`;
    await ask(test.database, `update run set ${gate} where id = '2026-11'`);
    const resumed = await request('admin', ['POST', '/2026-11/resume'], { reason });
    assert.deepEqual([resumed.status, resumed.code], [403, 'APPROVAL_NEEDED']);
    const own = await request('admin', ['POST', '/2026-11/overrule'], { reason });
    assert.deepEqual([own.status, own.code], [403, 'OWN_RUN']);
    assert.equal((await request('operator', ['POST', '/2026-11/overrule'], { reason })).status, 403);
    const { state, phase } = await request('approver', ['POST', '/2026-11/overrule'], { reason });
    assert.deepEqual([state, phase], ['RUNNING', 'REST']);
  });

  it('take no approval from a command on the host, which may only ask', async () => {
    await hold(1);
    const settings = { ...servers(), FOUR_EYES: 'true' };
    const [made, published] = await Promise.all([
      runBillcast(['run', 'create', '--month', '2026-11', '--json'], settings),
      runBillcast(['publish', '--month', '2026-11', '--yes'], settings),
    ]);
    assert.match(published.err, /billcast run create.*\[APPROVAL_NEEDED\]/s);
    assert.equal(made.code, 0, made.err);
    await insertDispatcher(test.database);
    await ask(test.database, 'update dispatcher set four_eyes = true');
    const without = await runBillcast(['publish', '--month', '2026-11', '--yes'], servers());
    assert.match(without.err, /FOUR_EYES is set/, 'a dispatcher has the setting');
    await ask(test.database, 'delete from dispatcher');
    const { planHash } = JSON.parse(made.out);
    const local = await api({ FOUR_EYES: 'true' });
    const unnamed = await local('admin', ['POST', '/2026-11/approve'], { planHash });
    assert.deepEqual([unnamed.status, unnamed.code], [403, 'APPROVAL_NEEDED']);
    const app = await createTestApi({ database: test.database, environment });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const approve = ['run', 'approve', '2026-11', '--yes', '--json'];
    const here = await runBillcast(approve, settings);
    const named = { ...settings, BILLCAST_TOKEN: tokenOf('approver') };
    const byToken = await runBillcast([...approve, '--api', url], named);
    await app.close();
    assert.match(here.err, /another person than .* API token.*\[APPROVAL_NEEDED\]/s);
    assert.equal(byToken.code, 0, byToken.err);
    assert.deepEqual(JSON.parse(byToken.out).approvedBy, 'person approver-token');
  });

  it('want two tokens with FOUR_EYES_NAMED', async () => {
    await hold(1);
    const settings = { FOUR_EYES: 'true', FOUR_EYES_NAMED: 'true' };
    const unnamed = await api(settings);
    const refused = await unnamed('admin', ['POST', ''], november);
    assert.deepEqual([refused.status, refused.code], [403, 'APPROVAL_NEEDED']);
    const onHost = await api({ FOUR_EYES: 'true' });
    const { planHash } = await onHost('admin', ['POST', ''], november);
    const named = await api({ ...environment, ...settings });
    const early = await named('approver', ['POST', '/2026-11/approve'], { planHash });
    assert.match(early.detail, /was asked for on a host/);
    const changed = await named('operator', ['POST', '/2026-11/change'], { ...november, planHash });
    const approved = await named('approver', ['POST', '/2026-11/approve'], { planHash: changed.planHash });
    assert.equal(approved.state, 'APPROVED');
  });
});

function servers(): Record<string, string> {
  return { DATABASE_URL: test.url, KAFKA_BROKERS: testKafkaBrokers() };
}

describe('publish', () => {
  it('is a run of its own, whose number its bills keep', async () => {
    await hold(1, 2);
    const app = await createTestApi({
      database: test.database,
      environment: { API_TOKENS: tokensOf('operator') },
    });
    const publish = () =>
      app.inject({
        method: 'POST',
        url: '/api/v1/publish',
        headers: bearer('operator'),
        payload: { month: '2026-11' },
      });
    assert.equal((await publish()).json().published, 2);
    assert.equal((await publish()).json().published, 0);
    const runs = await ask(test.database, 'select id, kind, state, released from run where number <> 0');
    assert.deepEqual(runs, [['2026-11', 'PUBLISHED', 'RUNNING', 2]], 'nothing held, no run');
    const left = `select count(*)::int from bill_notification n join run r on r.number = n.run and r.id = '2026-11'`;
    assert.equal(await askValue(test.database, left), 2);
  });
});
