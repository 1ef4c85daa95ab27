import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

describe('GET /metrics', () => {
  it('has the bills by state, as a query counts them', async () => {
    await insertNotification(test.database, { publishStatus: 'HELD' });
    await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    await insertNotification(test.database, { sendStatus: 'IN_DOUBT', inDoubtMsAgo: 60_000 });
    const app = await createTestApi({ database: test.database });
    const { body, headers } = await app.inject({ url: '/metrics', headers: bearer('viewer') });
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    for (const [state, bills] of Object.entries({ pending: 0, held: 1, delivered: 1, in_doubt: 1 })) {
      assert.match(body, new RegExp(`^billcast_bills\\{state="${state}"\\} ${bills}$`, 'm'));
    }
    assert.match(body, /^billcast_cluster_read 1$/m);
    assert.match(body, /^billcast_switch_thrown\{switch="EMAIL",by="guard"\} 0$/m);
    assert.match(body, /^billcast_oldest_age_seconds\{state="in_doubt"\} [67]\d/m);
    await app.close();
  });

  it('leaves out what it cannot read, and never shows old numbers', async () => {
    const app = await createTestApi();
    const { statusCode, body } = await app.inject({ url: '/metrics', headers: bearer('viewer') });
    assert.equal(statusCode, 200);
    assert.match(body, /^billcast_cluster_read 0$/m);
    assert.doesNotMatch(body, /^billcast_bills\{/m);
    await app.close();
  });

  it('is open to this machine, but not through a proxy, from elsewhere or by a foreign name', async () => {
    const app = await createTestApi();
    const statusOf = async (request: object) =>
      (await app.inject({ url: '/metrics', ...request })).statusCode;
    assert.equal(await statusOf({}), 200);
    assert.equal(await statusOf({ headers: { 'x-forwarded-for': '10.0.0.1' } }), 401);
    assert.equal(await statusOf({ remoteAddress: '10.0.0.1' }), 401);
    assert.equal(await statusOf({ headers: { host: 'evil.example' } }), 401);
    await app.close();
  });
});

describe('GET /metrics/targets', () => {
  it('lists the api and the dispatchers that live and have a port', async () => {
    await ask(
      test.database,
      `insert into dispatcher (id, name, heartbeat_at, metrics_address) values
        (gen_random_uuid(), 'a:1', now(), '10.0.0.1:9464'),
        (gen_random_uuid(), 'b:2', now() - interval '1 minute', '10.0.0.2:9464'),
        (gen_random_uuid(), 'c:3', now(), null)`,
    );
    const app = await createTestApi({ database: test.database });
    const answer = await app.inject({
      url: '/metrics/targets',
      headers: { host: 'billing:8080', ...bearer('viewer') },
    });
    assert.deepEqual(answer.json(), [
      { targets: ['billing:8080'], labels: { process: 'api' } },
      { targets: ['10.0.0.1:9464'], labels: { process: 'dispatcher' } },
    ]);
    await app.close();
  });
});
