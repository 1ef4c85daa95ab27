import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { captureLog } from '../support/capturedLog.ts';
import { bearer, createTestApi } from '../support/testApi.ts';

/** Without a database. Those that add routes have one of their own. */
const plain = createTestApi();

describe('the api server', () => {
  it('lives without a database, and is not ready', async () => {
    const app = await plain;
    assert.deepEqual((await app.inject('/healthz')).json(), { live: true });
    const ready = await app.inject('/readyz');
    assert.deepEqual([ready.statusCode, ready.json().ready], [503, false]);
    assert.equal((await app.inject('/api/v1/build')).json().version, '1.2.3');
  });

  it('waits for a request as long as it says, and less for its headers', async () => {
    const { server } = await plain;
    // If the headers had more time than the whole request, Node would swap the two limits.
    assert.deepEqual([server.headersTimeout, server.requestTimeout], [30_000, 60_000]);
  });

  it('answers an unknown address and a wrong method with problem documents', async () => {
    const app = await plain;
    const missing = await app.inject('/api/v1/nothing');
    assert.deepEqual(
      [missing.statusCode, missing.headers['content-type']],
      [404, 'application/problem+json'],
    );
    assert.equal(missing.json().code, 'NOT_FOUND');
    assert.equal(missing.json().instance, `urn:uuid:${missing.headers['x-request-id']}`);
    const wrong = await app.inject({ method: 'DELETE', url: '/healthz' });
    assert.deepEqual([wrong.statusCode, wrong.headers.allow], [405, 'GET, HEAD']);
    const taken = await app.inject('/api/v1/bills/search');
    assert.deepEqual([taken.statusCode, taken.headers.allow], [405, 'POST']);
  });

  it('logs requests that a server which is away fails in one line, with a count', async () => {
    const { log, lines } = captureLog();
    const app = await createTestApi({ log });
    const ask = () => app.inject({ url: '/api/v1/runs', headers: bearer('viewer') });
    for (const answer of [await ask(), await ask(), await ask()]) {
      assert.equal(answer.json().code, 'DATABASE_AWAY');
    }
    await app.close();
    const about = lines.filter(({ level }) => level >= 40);
    assert.deepEqual(
      about.map(({ msg, times, route, why, err }) => ({ msg, times, route, why, err })),
      [1, 2].map((times) => ({
        msg: 'requests refused: the database does not answer',
        times,
        route: '/api/v1/runs',
        why: 'connect ECONNREFUSED',
        err: undefined,
      })),
    );
  });

  it('has a page for each problem, without anything from elsewhere', async () => {
    const app = await plain;
    const { type } = (await app.inject('/api/v1/nothing')).json();
    const page = await app.inject(type);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /There is nothing at this address/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    assert.equal((await app.inject('/docs/problems/SURPRISE')).statusCode, 404);
    assert.match((await app.inject('/docs/problems')).body, /REQUEST_INVALID/);
  });

  it('describes itself by OpenAPI 3.1, and shows it on a page of the same host', async () => {
    const app = await plain;
    const document = (await app.inject('/api/v1/openapi.json')).json();
    assert.equal(document.openapi, '3.1.0');
    const problems = document.paths['/healthz'].get.responses.default;
    assert.ok(problems.content['application/problem+json'].schema.properties.code);
    const page = await app.inject('/docs/');
    assert.equal(page.statusCode, 200);
    assert.doesNotMatch(String(page.headers['content-security-policy']), /https?:|validator/);
    assert.doesNotMatch(page.body, /(src|href)="https?:/);
  });

  it('refuses a body that is too large, of another type, or no JSON', async () => {
    const app = await createTestApi();
    app.post('/api/v1/echo', { config: { permission: 'open' } }, () => 'ok');
    const post = (payload: string, type = 'application/json') =>
      app.inject({ method: 'POST', url: '/api/v1/echo', headers: { 'content-type': type }, payload });
    assert.equal((await post(`"${'a'.repeat(1_048_576)}"`)).json().code, 'BODY_TOO_LARGE');
    assert.equal((await post('<a/>', 'text/xml')).json().code, 'MEDIA_TYPE_UNKNOWN');
    assert.equal((await post('{"a":')).json().code, 'BODY_UNREADABLE');
  });

  it('limits the rate per token, and says when to come again', async () => {
    const app = await createTestApi({ environment: { API_REQUESTS_PER_SECOND: '2' } });
    const answers = [];
    for (let asked = 0; asked < 3; asked++) answers.push(await app.inject('/api/v1/build'));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 429],
    );
    const last = answers[2];
    assert.equal(last?.json().code, 'TOO_MANY_REQUESTS');
    assert.equal(last?.headers['retry-after'], '1');
    assert.equal((await app.inject('/healthz')).statusCode, 200);
  });

  it('says nothing of a fault outside', async () => {
    const app = await createTestApi();
    app.get('/api/v1/broken', { config: { permission: 'open' } }, () => {
      throw new RangeError('secret detail');
    });
    const answer = await app.inject('/api/v1/broken');
    assert.deepEqual([answer.statusCode, answer.json().code], [500, 'FAULT']);
    assert.doesNotMatch(answer.body, /secret/);
  });

  it('does not start with a route that names no permission', async () => {
    const app = await createTestApi();
    assert.throws(() => app.get('/api/v1/forgotten', () => 'ok'), /names no permission/);
  });

  it('sets its headers on every answer', async () => {
    const app = await plain;
    for (const url of ['/healthz', '/nothing', '/docs/', '/api/v1/openapi.json']) {
      const { headers } = await app.inject({ url, headers: bearer('viewer') });
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(headers['content-security-policy']);
    }
  });
});
