import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { before, describe, it } from 'node:test';
import { compareWithStatement } from '../../../../src/db/runs/providerStatements.ts';
import type { Role } from '../../../../src/policy/roles.ts';
import { ask, askValue } from '../../../support/ask.ts';
import { eventually } from '../../../support/eventually.ts';
import { billIdOf, insertNotification } from '../../../support/notifications.ts';
import { bearer, createTestApi } from '../../../support/testApi.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const test = useTestDatabase();
const url = '/api/v1/runs/november/statements';
const query = '?provider=simulated&fileName=their.csv';
const csv = 'their id,cost\nid-1,13\nid-9,13\n';

async function arrange(): Promise<void> {
  await ask(
    test.database,
    `insert into run (number, id, kind, state, plan, plan_hash, approved_hash, requested_by)
     overriding system value
     values (1, 'november', 'PLANNED', 'DONE', '{"selection":{"billIds":["1","2"]}}', 'h', 'h', 'person kim')`,
  );
  for (const id of [1, 2]) {
    await insertNotification(test.database, { billId: billIdOf(id), sendStatus: 'DELIVERED' });
  }
  await ask(test.database, `update bill_notification set run = 1`);
  await ask(
    test.database,
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, provider, provider_id, actor,
       started_at, finished_at)
     select bill_id, claim_token, 'ACCEPTED', 1, 'EMAIL', true, 'simulated', 'id-' || bill_id, 'a', now(), now()
     from bill_notification`,
  );
}

/** Sends a file as a role. */
async function api() {
  const app = await createTestApi({ database: test.database });
  return {
    app,
    upload: async (
      role: Role,
      headers: Record<string, string> = {},
      payload = csv,
      columns = '&id=their id',
    ) => {
      const answer = await app.inject({
        method: 'POST',
        url: `${url}${query}${columns}`,
        headers: { ...bearer(role), 'content-type': 'text/csv', ...headers },
        payload,
      });
      return { status: answer.statusCode, headers: answer.headers, ...answer.json() };
    },
  };
}

describe('what is said about a run that is done', () => {
  before(arrange);

  describe("the routes of a provider's statement", () => {
    it('compare the file that is sent, keep the result, and show it to those who may read histories', async () => {
      const { app, upload } = await api();
      assert.equal((await upload('viewer')).status, 403);
      const compared = await upload('operator');
      assert.deepEqual(
        [compared.status, compared.theirs, compared.matched, compared.theirCost],
        [200, 2, 1, '26'],
      );
      assert.equal(compared.sha256, createHash('sha256').update(csv).digest('hex'));
      assert.deepEqual(compared.examples.onlyOurs, [{ line: null, key: '2:EMAIL:1', providerId: 'id-2' }]);
      const listed = await app.inject({ url, headers: bearer('auditor') });
      const [item] = listed.json().items;
      assert.deepEqual(
        [item.fileName, item.addedBy, item.onlyTheirs],
        ['their.csv', 'person operator-token', 1],
      );
      assert.equal((await app.inject({ url, headers: bearer('viewer') })).statusCode, 403);
      const records = `select string_agg(result, ',' order by seq) from access_record where what = 'statement'`;
      assert.equal(await askValue(test.database, records), 'refused,begun,done');
    });

    it('say what is wrong with a file, and keep nothing of it', async () => {
      const { app, upload } = await api();
      const kept = () => askValue(test.database, 'select count(*)::int from provider_statement');
      const before = await kept();
      const heads = await upload('operator', {}, 'a,b\n1,2\n', '');
      assert.deepEqual([heads.status, heads.code], [400, 'REQUEST_INVALID']);
      assert.match(
        heads.detail,
        /^their\.csv has the columns a, b: say which one is the id or our key, such as id=a$/,
      );
      const cost = await upload('operator', {}, 'id,cost\nid-1,many\n', '');
      assert.match(cost.detail, /line 2 of the statement: the cost many is no number/);
      assert.equal(
        (await upload('operator', { 'content-type': 'application/json' }, '{}')).code,
        'MEDIA_TYPE_UNKNOWN',
      );
      const none = await app.inject({ method: 'POST', url: `${url}${query}`, headers: bearer('operator') });
      assert.equal(none.json().code, 'MEDIA_TYPE_UNKNOWN');
      const large = { 'content-length': String(2 ** 28 + 1) };
      assert.equal((await upload('operator', large)).code, 'BODY_TOO_LARGE');
      assert.equal(await kept(), before);
      await app.close();
    });

    it('compare once per Idempotency-Key, and only the file that it belongs to', async () => {
      const { upload } = await api();
      const key = { 'idempotency-key': 'november-1' };
      const first = await upload('operator', key);
      const again = await upload('operator', key);
      assert.deepEqual([again.headers['idempotent-replayed'], again.sha256], ['true', first.sha256]);
      const other = await upload('operator', key, csv.replace('id-9', 'id-8'));
      assert.deepEqual([other.status, other.code], [422, 'IDEMPOTENCY_KEY_REUSED']);
      assert.equal(other.headers['idempotent-replayed'], undefined);
    });

    it('find the same in windows of bills as in all bills at once', async () => {
      const compare = async (billsAtOnce?: number) => {
        const lines = [
          { line: 2, key: '2:EMAIL:1', providerId: 'id-2', cost: '13' },
          { line: 3, key: null, providerId: 'id-9', cost: null },
        ];
        const ours = { run: 1, provider: 'simulated', billsAtOnce };
        return compareWithStatement(test.database, ours, Readable.from([lines]));
      };
      const atOnce = await compare();
      assert.deepEqual([atOnce.ours, atOnce.matched, atOnce.onlyOurs], [2, 1, 1]);
      for (const billsAtOnce of [1, 2]) assert.deepEqual(await compare(billsAtOnce), atOnce);
    });

    it('answer somebody who is still sending, and forget one who went away', async () => {
      const { app } = await api();
      const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
      const send = (text: string) => {
        const socket = connect(Number(address.port), '127.0.0.1');
        const head = [
          ...[`POST ${url}?provider=simulated HTTP/1.1`, 'Host: 127.0.0.1', 'Content-Type: text/csv'],
          ...[`Authorization: ${bearer('operator').authorization}`, 'Content-Length: 1000000', '', text],
        ];
        socket.write(head.join('\r\n'));
        return socket;
      };
      const early = send(`a,b\n${'1,2\n'.repeat(20_000)}`);
      const [answer] = await new Promise<[Buffer]>((resolve) =>
        early.once('data', (data) => resolve([data])),
      );
      assert.match(answer.toString(), /^HTTP\/1\.1 400 /);
      early.destroy();
      const open = `select count(*)::int from pg_stat_activity where datname = current_database() and state like 'idle in%'`;
      const recorded = (result: 'begun' | 'failed') =>
        askValue<number>(
          test.database,
          `select count(*)::int from access_record where what = 'statement' and result = $1`,
          [result],
        );
      const before = { begun: await recorded('begun'), failed: await recorded('failed') };
      const gone = send('id,cost\nid-1,13\n');
      await eventually(async () => (await recorded('begun')) === before.begun + 1);
      gone.destroy();
      await eventually(async () => (await recorded('failed')) === before.failed + 1);
      await app.close();
      // The server hears a moment later that a connection is closed.
      await eventually(async () => (await askValue<number>(test.database, open)) === 0);
    });
  });

  describe('the routes of manifests and proofs', () => {
    it('make and list manifests, and show the place of a message in one, for a file that anybody can check', async () => {
      const { app } = await api();
      const post = async (role: Role, path: string, payload: object) => {
        const answer = await app.inject({
          method: 'POST',
          url: `/api/v1${path}`,
          headers: bearer(role),
          payload,
        });
        return { status: answer.statusCode, ...answer.json() };
      };
      const get = async (path: string) =>
        (await app.inject({ url: `/api/v1${path}`, headers: bearer('auditor') })).json();
      assert.deepEqual((await get('/runs/november/manifests')).items, []);
      assert.equal((await post('viewer', '/runs/november/manifests', {})).status, 403);
      const made = await post('operator', '/runs/november/manifests', {});
      assert.deepEqual([made.status, made.attempts, made.madeBy], [201, 2, 'person operator-token']);
      assert.deepEqual(
        (await get('/runs/november/manifests')).items.map(({ root }: { root: string }) => root),
        [made.root],
      );
      assert.equal((await get('/runs/none/manifests')).code, 'RUN_NOT_FOUND');
      const proof = await get('/bills/1/proof?inclusion=true');
      assert.equal((await get('/bills/1/proof')).attempts[0].inclusion, undefined);
      const checked = await post('viewer', '/proofs/check', { proof, root: made.root.toUpperCase() });
      assert.deepEqual([checked.included, checked.attempts[0].isKept], [true, true]);
      const own = { ...proof, billId: 'invoice-1' };
      assert.ok((await post('viewer', '/proofs/check', { proof: own })).included, 'the leaf has the number');
      const forged = { ...proof, billNumber: '2' };
      const refused = await post('viewer', '/proofs/check', { proof: forged });
      assert.match(refused.attempts[0].why, /leaf is about another attempt/);
      const other = await post('viewer', '/proofs/check', { proof, root: 'ab'.repeat(32) });
      assert.deepEqual([other.included, other.attempts[0].isKept], [false, true]);
      assert.equal((await post('viewer', '/proofs/check', { proof: {} })).code, 'REQUEST_INVALID');
    });
  });
});
