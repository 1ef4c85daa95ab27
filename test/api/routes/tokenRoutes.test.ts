import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { tokenPrefix } from '../../../src/operations/apiTokens.ts';
import { ask } from '../../support/ask.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => test.database.execute('truncate api_token, api_session, access_record'));

const request = {
  name: 'ann',
  roles: ['operator'],
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  reason: 'new in the team',
};

async function start(environment?: Record<string, string>) {
  const app = await createTestApi({ database: test.database, ...(environment && { environment }) });
  const call = (
    method: 'GET' | 'POST',
    url: string,
    options: { headers?: Record<string, string>; payload?: object },
  ) => app.inject({ method, url: `/api/v1${url}`, headers: bearer('admin'), ...options });
  return {
    get: (url: string, headers?: Record<string, string>) => call('GET', url, headers ? { headers } : {}),
    post: (url: string, payload: object, headers?: Record<string, string>) =>
      call('POST', url, headers ? { payload, headers } : { payload }),
  };
}

function headersOf(token: string) {
  return { authorization: `Bearer ${token}` };
}

describe('tokens', () => {
  it('are shown once, let in with their roles, and are listed without themselves', async () => {
    const { get, post } = await start();
    const { token, id } = (await post('/tokens', request)).json();
    assert.ok(token.startsWith(tokenPrefix));
    const session = (await get('/session', headersOf(token))).json();
    assert.deepEqual([session.name, session.roles, session.source], ['ann', ['operator'], 'token']);
    assert.equal((await get('/tokens', headersOf(token))).statusCode, 403);
    const listed = (await get('/tokens')).json();
    const { state, createdBy, lastUsedAt, source } = listed.items[0];
    assert.deepEqual(
      [listed.items[0].id, state, createdBy, source],
      [id, 'valid', 'person admin-token', 'kept'],
    );
    assert.notEqual(lastUsedAt, null);
    assert.equal(listed.items.at(-1).source, 'settings');
    const rows = await ask<[string]>(test.database, 'select to_jsonb(t)::text from api_token t');
    assert.equal(JSON.stringify([listed, rows]).includes(token), false);
  });

  it('end at once with their sessions when they are revoked', async () => {
    const { get, post } = await start();
    const { token, id } = (await post('/tokens', request)).json();
    const signedIn = await post('/session', { token }, { 'sec-fetch-site': 'same-origin' });
    const cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] ?? '';
    assert.equal((await get('/session', { cookie })).json().name, 'ann');
    const revoked = await post(`/tokens/${id}/revoke`, { reason: 'left the team' });
    assert.deepEqual(revoked.json(), { revoked: true });
    assert.deepEqual((await post(`/tokens/${id}/revoke`, { reason: 'left the team' })).json(), {
      revoked: false,
    });
    assert.equal((await get('/session', headersOf(token))).statusCode, 401);
    assert.equal((await get('/session', { cookie })).statusCode, 401);
    assert.equal((await post('/session', { token }, { 'sec-fetch-site': 'same-origin' })).statusCode, 401);
    const { state, revokedBy } = (await get('/tokens')).json().items[0];
    assert.deepEqual([state, revokedBy], ['revoked', 'person admin-token']);
    const unknown = await post(`/tokens/${crypto.randomUUID()}/revoke`, { reason: 'left the team' });
    assert.equal(unknown.json().code, 'NOT_FOUND');
  });

  it('are refused from their expiry on, and so are sessions that they began', async () => {
    const { get, post } = await start();
    const { token } = (await post('/tokens', request)).json();
    await test.database.execute(`update api_token set expires_at = now() - interval '1 s'`);
    assert.equal((await get('/session', headersOf(token))).statusCode, 401);
    assert.equal((await get('/tokens')).json().items[0].state, 'expired');
    for (const expiresAt of ['AAA', '12026-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
      assert.equal(
        (await post('/tokens', { ...request, expiresAt })).json().code,
        'REQUEST_INVALID',
        expiresAt,
      );
    }
    const past = await post('/tokens', { ...request, expiresAt: '2020-01-01T00:00:00Z' });
    assert.match(past.json().detail, /in the past/);
  });

  it('leave records of who made and revoked them, and why', async () => {
    const { get, post } = await start();
    const { id } = (await post('/tokens', request)).json();
    await post(`/tokens/${id}/revoke`, { reason: 'left the team' });
    const { items } = (await get('/audit', bearer('auditor'))).json();
    assert.deepEqual(
      items.map(({ who, what, result }: Record<string, string>) => `${who} ${what} ${result}`).reverse(),
      ['createToken begun', 'createToken done', 'revokeToken begun', 'revokeToken done'].map(
        (text) => `admin-token ${text}`,
      ),
    );
    assert.equal(items.at(-1).reason, `ann operator until ${request.expiresAt}: new in the team`);
    const { unusual } = (
      await get(`/audit/report?month=${items[0].at.slice(0, 7)}`, bearer('auditor'))
    ).json();
    assert.ok(unusual.some(({ why }: Record<string, string>) => why === 'gave somebody access'));
  });

  it('are not made while everybody on this machine is administrator anyway', async () => {
    const { post } = await start({});
    const answer = await post('/tokens', request, { host: 'localhost' });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json().detail, /set API_TOKENS/);
  });
});
