import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bearer, createTestApi, tokenOf, tokensOf } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();

function start(environment: Record<string, string> = { API_TOKENS: tokensOf('viewer', 'operator') }) {
  return createTestApi({ database: test.database, environment });
}

async function signIn(app: Awaited<ReturnType<typeof start>>) {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { 'sec-fetch-site': 'same-origin' },
    payload: { token: tokenOf('operator') },
  });
  return { answer, cookie: String(answer.headers['set-cookie']).split(';', 1)[0] ?? '' };
}

describe('a session', () => {
  it('is a cookie that no script and no other site can use', async () => {
    const { answer } = await signIn(await start());
    assert.equal(answer.statusCode, 200);
    assert.deepEqual([answer.json().name, answer.json().source], ['operator-token', 'session']);
    assert.match(
      String(answer.headers['set-cookie']),
      /^billcast_session=[\w-]{43};.*HttpOnly; SameSite=Strict/,
    );
  });

  it('says who asks until it is ended, also to another process', async () => {
    const app = await start();
    const { cookie } = await signIn(app);
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const other = await start();
    assert.equal((await other.inject({ url: '/api/v1/session', headers })).json().name, 'operator-token');
    const ended = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    assert.deepEqual(ended.json(), { signedOut: true });
    assert.equal((await other.inject({ url: '/api/v1/session', headers })).statusCode, 401);
  });

  it('ends with its token', async () => {
    const { cookie } = await signIn(await start());
    const without = await start({ API_TOKENS: tokensOf('viewer') });
    assert.equal((await without.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode, 401);
  });

  it('changes nothing for another site, nor if the browser does not say which site asks', async () => {
    const app = await start();
    const { cookie } = await signIn(app);
    const end = (headers: Record<string, string>) =>
      app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, ...headers } });
    assert.equal((await end({ 'sec-fetch-site': 'cross-site' })).json().code, 'CROSS_SITE');
    assert.equal((await end({ 'sec-fetch-site': 'same-site' })).json().code, 'CROSS_SITE');
    assert.equal((await end({})).json().code, 'CROSS_SITE');
  });

  it('is not made for a wrong token, nor by another site', async () => {
    const app = await start();
    const post = (token: string, site: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: { 'sec-fetch-site': site },
        payload: { token },
      });
    assert.equal((await post('a guess', 'same-origin')).json().code, 'NOT_SIGNED_IN');
    assert.equal((await post(tokenOf('operator'), 'cross-site')).json().code, 'CROSS_SITE');
  });

  it('is not needed with a token', async () => {
    const app = await start();
    const { roles, source } = (
      await app.inject({ url: '/api/v1/session', headers: bearer('viewer') })
    ).json();
    assert.deepEqual([roles, source], [['viewer'], 'token']);
  });
});
