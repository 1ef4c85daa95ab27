import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bearer, createTestApi } from '../../support/testApi.ts';

async function createGuarded(environment?: Record<string, string>) {
  const app = await createTestApi(environment === undefined ? {} : { environment });
  app.route({
    method: ['GET', 'POST'],
    url: '/api/v1/guarded',
    config: { permission: 'control', access: 'guarded' },
    handler: async (request) => {
      request.isRecorded = true;
      return 'done';
    },
  });
  return (method: 'GET' | 'POST', headers: Record<string, string>) =>
    app.inject({ method, url: '/api/v1/guarded', headers });
}

describe('the guard', () => {
  it('asks for a token, and for the permission', async () => {
    const ask = await createGuarded();
    const nobody = await ask('POST', {});
    assert.deepEqual([nobody.statusCode, nobody.json().code], [401, 'NOT_SIGNED_IN']);
    assert.match(String(nobody.headers['www-authenticate']), /^Bearer/);
    const refused = (await ask('POST', bearer('viewer'))).json();
    assert.equal(refused.code, 'NOT_ALLOWED');
    assert.match(
      refused.detail,
      /permission control: the role operator or admin\. A token may have several roles/,
    );
    assert.equal((await ask('POST', bearer('operator'))).statusCode, 200);
  });

  it('lets programs of this machine read metrics without a token, and nobody through a proxy', async () => {
    const app = await createTestApi();
    const read = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics/targets', headers })).statusCode;
    assert.notEqual(await read({}), 401);
    for (const name of ['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP']) {
      assert.equal(await read({ [name]: '1.1 bills' }), 401, name);
    }
  });

  it('lets a token change things from anywhere, since no browser sends it by itself', async () => {
    const ask = await createGuarded();
    const headers = { ...bearer('operator'), 'sec-fetch-site': 'cross-site' };
    assert.equal((await ask('POST', headers)).statusCode, 200);
  });

  it('without tokens, answers only to names of loopback', async () => {
    const ask = await createGuarded({});
    assert.equal((await ask('GET', { host: 'localhost:8080' })).statusCode, 200);
    assert.equal((await ask('GET', { host: '127.0.0.1:8080' })).statusCode, 200);
    assert.equal((await ask('GET', { host: '[::1]:8080' })).statusCode, 200);
    assert.equal((await ask('GET', { host: 'evil.example:8080' })).json().code, 'CROSS_SITE');
  });

  it('without tokens, refuses changes that another page sends', async () => {
    const ask = await createGuarded({});
    const host = 'localhost:8080';
    assert.equal((await ask('POST', { host })).statusCode, 200);
    assert.equal((await ask('POST', { host, 'sec-fetch-site': 'same-origin' })).statusCode, 200);
    assert.equal((await ask('POST', { host, 'sec-fetch-site': 'cross-site' })).json().code, 'CROSS_SITE');
    assert.equal((await ask('POST', { host, origin: 'http://evil.example' })).json().code, 'CROSS_SITE');
  });
});
