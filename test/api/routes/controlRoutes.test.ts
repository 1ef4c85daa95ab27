import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { tripBrake } from '../../../src/db/brake.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => test.database.execute('delete from control; delete from brake; truncate access_record'));

async function asker() {
  const app = await createTestApi({ database: test.database });
  return {
    post: (url: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer('operator'), payload }),
    get: (url: string) => app.inject({ url: `/api/v1${url}`, headers: bearer('auditor') }),
  };
}

describe('the pause', () => {
  it('begins and ends once, and says who and why', async () => {
    const { post, get } = await asker();
    const paused = (await post('/pause', { reason: 'provider maintenance' })).json();
    assert.deepEqual([paused.paused, paused.changed], [true, true]);
    assert.deepEqual(
      [paused.pause.by, paused.pause.reason],
      ['person operator-token', 'provider maintenance'],
    );
    assert.equal((await post('/pause', {})).json().changed, false);
    assert.equal((await get('/pause')).json().paused, true);
    assert.equal((await post('/resume', {})).json().changed, true);
    const records = (await get('/audit')).json().items;
    assert.deepEqual(
      records.map(({ what, result }: { what: string; result: string }) => `${what} ${result}`),
      ['resume done', 'resume begun', 'pause done', 'pause begun', 'pause done', 'pause begun'],
    );
    assert.equal(records[5].reason, 'provider maintenance');
  });
});

describe('a brake', () => {
  it('is listed with its cause, and released by channel', async () => {
    await tripBrake(test.database, {
      brake: 'EMAIL',
      kind: 'unreachable',
      cause: 'ENOTFOUND typo.invalid',
      by: 'dispatcher a:1',
      firstTrialMs: 1_000,
    });
    const { post, get } = await asker();
    const [email, sms] = (await get('/brakes')).json().items;
    assert.deepEqual([email.keepsQuietHours, sms.keepsQuietHours], [false, true]);
    assert.deepEqual(
      [email.channel, email.on, email.kind, email.cause, email.needsPerson, email.provider],
      ['EMAIL', true, 'unreachable', 'ENOTFOUND typo.invalid', false, 'simulated'],
    );
    const released = await post('/brakes/EMAIL/release', { reason: 'fixed the address' });
    assert.deepEqual(released.json(), { channel: 'EMAIL', released: true });
    assert.equal((await post('/brakes/EMAIL/release', {})).json().released, false);
    assert.equal((await post('/brakes/PIGEON/release', {})).statusCode, 400);
    for (const provider of ['pigeon', 'a\u0000b', 'a\nb']) {
      const { statusCode, body } = await post('/brakes/EMAIL/release', { provider });
      assert.equal(statusCode, 400, body);
    }
  });
});
