import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();

describe('the audit routes', () => {
  it('show who was refused, to an auditor only', async () => {
    const app = await createTestApi({ database: test.database });
    app.post('/api/v1/guarded', { config: { permission: 'control', access: 'guarded' } }, () => 'done');
    const refused = await app.inject({
      method: 'POST',
      url: '/api/v1/guarded',
      headers: bearer('viewer'),
    });
    assert.equal(refused.statusCode, 403);
    const page = await app.inject({ url: '/api/v1/audit', headers: bearer('auditor') });
    const [record] = page.json().items;
    assert.deepEqual(
      [record.who, record.what, record.result, record.from, record.roles],
      ['viewer-token', 'guarded', 'refused', '127.0.0.1', ['viewer']],
    );
    assert.equal((await app.inject({ url: '/api/v1/audit', headers: bearer('operator') })).statusCode, 403);
  });

  it("say the client's address behind a proxy that is named, and the proxy's otherwise", async () => {
    const fromOf = async (settings: Record<string, string>, remoteAddress: string) => {
      const environment = { API_TOKENS: everyToken, ...settings };
      const app = await createTestApi({ database: test.database, environment });
      const headers = { ...bearer('viewer'), 'x-forwarded-for': '8.8.8.8, 203.0.113.7' };
      await app.inject({ method: 'POST', url: '/api/v1/pause', headers, remoteAddress, payload: {} });
      const { items } = (await app.inject({ url: '/api/v1/audit', headers: bearer('auditor') })).json();
      return items[0].from;
    };
    const settings = { API_TRUST_PROXY: '10.0.0.0/8' };
    assert.equal(await fromOf(settings, '10.1.2.3'), '203.0.113.7');
    assert.equal(await fromOf(settings, '192.0.2.1'), '192.0.2.1');
    assert.equal(await fromOf({}, '10.1.2.3'), '10.1.2.3');
  });

  it('report a month with the state of the chain', async () => {
    const app = await createTestApi({ database: test.database });
    const month = new Date().toISOString().slice(0, 7);
    const url = `/api/v1/audit/report?month=${month}`;
    const report = (await app.inject({ url, headers: bearer('auditor') })).json();
    assert.equal(report.chain.intact, true);
    const broken = await app.inject({ url: '/api/v1/audit/report?month=x', headers: bearer('auditor') });
    assert.deepEqual(
      [broken.json().code, broken.json().errors[0].pointer],
      ['REQUEST_INVALID', '/querystring/month'],
    );
  });

  it('never let an answer without its record leave', async () => {
    const app = await createTestApi({ database: test.database });
    app.post('/api/v1/forgetful', { config: { permission: 'control', access: 'forgetful' } }, () => 'secret');
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/forgetful',
      headers: bearer('operator'),
    });
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /secret/);
  });
});
