import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ask } from '../support/ask.ts';
import { runBillcast } from '../support/commandLine.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

const key = Buffer.alloc(32, 7).toString('base64');

async function run(...args: string[]) {
  const settings = { DATABASE_URL: db.url, WEBHOOK_INSIDE_HOSTS: '127.0.0.1', WEBHOOK_KEY: key };
  const { code, out, err } = await runBillcast([...args, '--json'], settings);
  return { code, err, facts: out === '' ? undefined : JSON.parse(out) };
}

async function newRecords() {
  const rows = await ask<[string, string, string]>(
    db.database,
    'select what, reason, result from access_record order by seq',
  );
  await ask(db.database, 'delete from access_record');
  return rows.map((row) => row.join(' | '));
}

it('a secret is shown once, and both who asked for it and why are kept', async () => {
  const added = await run('webhook', 'add', 'shop', 'http://127.0.0.1:1/hooks', '--reason', 'orders');
  assert.equal(added.code, 0, added.err);
  assert.match(added.facts.secret, /^whsec_/);
  assert.match(added.err, /Keep the secret/);
  const rotated = await run('webhook', 'rotate', 'shop', '--keep-hours', '0', '--reason', 'it leaked');
  assert.match(rotated.facts.secret, /^whsec_/);
  assert.notEqual(rotated.facts.secret, added.facts.secret);
  assert.match(rotated.err, /Keep the secret/);
  assert.deepEqual((await run('webhook', 'remove', 'shop', '--reason', 'closed')).facts, { id: 'shop' });
  assert.deepEqual(await newRecords(), [
    ...['addWebhook | shop: orders | begun', 'addWebhook | shop: orders | done'],
    ...['rotateWebhook | shop: it leaked | begun', 'rotateWebhook | shop: it leaked | done'],
    ...['removeWebhook | shop: closed | begun', 'removeWebhook | shop: closed | done'],
  ]);
});

it('what cannot be changed is kept as failed, and prints no facts', async () => {
  const token = '0b9b0bd4-2f5c-4c1c-a6f5-8d4a1f8e7a10';
  const revoked = await run('token', 'revoke', token, '--reason', 'left');
  assert.deepEqual([revoked.code, revoked.facts], [1, undefined]);
  assert.match(revoked.err, /there is no token/);
  const removed = await run('webhook', 'remove', 'shop', '--reason', 'closed');
  assert.match(removed.err, /there is no webhook shop/);
  assert.deepEqual(await newRecords(), [
    ...[`revokeToken | ${token}: left | begun`, `revokeToken | ${token}: left | failed`],
    ...['removeWebhook | shop: closed | begun', 'removeWebhook | shop: closed | failed'],
  ]);
});

it('several entries of the suppression list are named together', async () => {
  const reactivated = await run('suppress', 'reactivate', '--id', '7', '8', '--reason', 'works again');
  assert.equal(reactivated.code, 0, reactivated.err);
  assert.equal(reactivated.facts.reactivated, 0);
  assert.equal((await run('suppress', 'remove', '--id', '7', '--reason', 'wrong bill')).facts.removed, 0);
  assert.deepEqual(await newRecords(), [
    ...['reactivateAddress | 7, 8: works again | begun', 'reactivateAddress | 7, 8: works again | done'],
    ...['removeSuppression | 7: wrong bill | begun', 'removeSuppression | 7: wrong bill | done'],
  ]);
});
