import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { RehearsalAnswer } from '../../../../src/api/contract/testSendsContract.ts';
import { loadConfig } from '../../../../src/config/loadConfig.ts';
import { addSampleBills } from '../../../../src/operations/addSampleBills.ts';
import type { Role } from '../../../../src/policy/roles.ts';
import { ask, askValue } from '../../../support/ask.ts';
import { bearer, createTestApi, everyToken } from '../../../support/testApi.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const test = useTestDatabase();
const safe = {
  API_TOKENS: everyToken,
  POOL_THREADS: '1',
  SIMULATED_DELAY_MS: '0',
  SIMULATED_REFUSAL_RATE: '0',
  REDIRECT_ALL_TO: 'qa@company.kr',
  SEED_EMAIL: 'a@naver.com',
};
const rehearsal = '2026-11-rehearsal';

async function api(environment: Record<string, string> = safe) {
  const app = await createTestApi({ database: test.database, environment });
  return {
    app,
    request: async (role: Role, [method, path]: readonly ['GET' | 'POST', string], payload: object = {}) => {
      const options = { method, url: `/api/v1/runs${path}`, headers: bearer(role) };
      const answer = await app.inject(method === 'GET' ? options : { ...options, payload });
      return { status: answer.statusCode, ...answer.json() };
    },
  };
}

async function plan(request: Awaited<ReturnType<typeof api>>['request'], runId: string): Promise<void> {
  const made = await request('operator', ['POST', ''], {
    runId,
    rehearsal: true,
    plan: { selection: { month: '2026-11' } },
  });
  assert.equal(made.status, 201);
}

describe('the routes of messages that settle no bill', () => {
  before(() =>
    addSampleBills(
      { database: test.database, config: { ...loadConfig({}), production: false } },
      { members: 6, seed: 1, month: '2026-11-01' },
    ),
  );

  it('send seeds, and rehearse a month to its end, while every bill stays held', async () => {
    const { app, request } = await api();
    await plan(request, rehearsal);
    const seeds = ['POST', `/${rehearsal}/seeds`] as const;
    assert.equal((await request('viewer', seeds)).status, 403);
    const facts = await request('operator', seeds);
    assert.ok(facts.sent > 0 && facts.sent + facts.unpreparable > 1);
    assert.equal(facts.addresses, 1);
    const { addresses, items } = await request('viewer', ['GET', `/${rehearsal}/seeds`]);
    assert.deepEqual(addresses, { email: 1, phone: 0 });
    assert.deepEqual([items[0].time, items[0].address, items[0].outcome], [1, 1, 'ACCEPTED']);

    const rehearse = ['POST', `/${rehearsal}/rehearse`] as const;
    assert.equal((await request('viewer', rehearse)).status, 403);
    const begun = await request('operator', rehearse, { limit: 3 });
    assert.deepEqual([begun.status, begun.state, begun.bills, begun.isWorking], [202, 'RUNNING', 6, true]);
    const read = () => request('viewer', ['GET', `/${rehearsal}/rehearsal`]) as Promise<RehearsalAnswer>;
    let stand = await read();
    while (stand.progress?.ended == null) stand = await read();
    assert.deepEqual([stand.state, stand.isWorking, stand.progress.ended], ['DONE', false, 'limit']);
    assert.equal(stand.progress.sent, 3);
    const held = `select count(*)::int from bill_notification where publish_status = 'HELD' and send_status = 'PENDING'`;
    assert.equal(await askValue(test.database, held), 6);
    const again = await request('operator', rehearse);
    assert.deepEqual([again.status, again.code], [409, 'RUN_MOVED_ON']);
    assert.match(again.detail, /is DONE: make another one/);
    const records = `select string_agg(what, ',' order by seq) from access_record where result = 'done'`;
    assert.equal(await askValue(test.database, records), 'createRun,seeds,rehearse');
    await app.close();
  });

  it('refuse a run that is no rehearsal, unsafe settings, and a run that another process works on', async () => {
    const { request } = await api();
    await plan(request, 'other');
    assert.deepEqual((await request('viewer', ['GET', '/other/rehearsal'])).progress, null);
    await request('operator', ['POST', ''], { runId: 'real', plan: { selection: { month: '2026-11' } } });
    assert.match((await request('operator', ['POST', '/real/rehearse'])).detail, /run real is no rehearsal/);
    const unsafe = await api({ API_TOKENS: everyToken });
    const refused = await unsafe.request('operator', ['POST', '/other/rehearse']);
    assert.deepEqual([refused.status, refused.code], [400, 'REQUEST_INVALID']);
    assert.match(refused.detail, /needs DELIVER_ONLY_TO/);
    const seeds = await unsafe.request('operator', ['POST', '/other/seeds']);
    assert.match(seeds.detail, /no seed addresses/);
    await ask(
      test.database,
      `update run set state = 'APPROVED', previous_state = state, approved_hash = plan_hash, approved_by = 'x',
         approved_at = now() where id = 'other';
       update run set state = 'RUNNING', previous_state = state where id = 'other';
       insert into rehearsal (run, facts) select number, '{"ended":null,"sent":0}' from run where id = 'other'`,
    );
    const busy = await request('operator', ['POST', '/other/rehearse']);
    assert.deepEqual([busy.status, busy.code], [409, 'RUN_MOVED_ON']);
  });
});
