import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import type { Role } from '../../src/policy/roles.ts';
import { hostileValues, mark, withHoles } from '../support/hostileValues.ts';
import { emptyTables, insertNotification } from '../support/notifications.ts';
import { addOpenRows, openRows } from '../support/openRows.ts';
import { bearer, createTestApi, everyToken } from '../support/testApi.ts';
import { insertBill, insertMember } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

/*
 * What the document of the API says about its bodies, with something in each place that nobody expects.
 */

const test = useTestDatabase();
const environment = { API_TOKENS: everyToken, API_REQUESTS_PER_SECOND: '10000' };

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

const uuid = '00000000-0000-4000-8000-000000000000';
const texts = [
  ...['a test', 'EMAIL', '2026-11', '2026-11-28', '2026-11-28T00:00:00Z', '09:00', '42', 'a', uuid],
  ...['0'.repeat(64), 'https://billing.example/'],
];

/** Values that a schema allows: one at least, and one for each way of an `anyOf`. */
function samplesOf(schema: Schema): unknown[] {
  const { type, anyOf, properties, items, pattern = '', minLength = 0, minimum = 1 } = schema;
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [schema.enum[0]];
  if (anyOf !== undefined) return anyOf.flatMap(samplesOf);
  if (properties !== undefined) return objectsOf(properties);
  if (items !== undefined) return samplesOf(items).map((one) => [one]);
  if (type === 'integer' || type === 'number') return [minimum];
  if (type === 'boolean') return [true];
  const form = new RegExp(pattern, 'u');
  return [texts.find((text) => form.test(text) && text.length >= minLength) ?? 'a'];
}

function objectsOf(properties: Readonly<Record<string, Schema>>): unknown[] {
  const entries = Object.entries(properties).map(([key, one]) => ({ key, samples: samplesOf(one) }));
  const most = Math.max(1, ...entries.map(({ samples }) => samples.length));
  return Array.from({ length: most }, (_, nth) =>
    Object.fromEntries(entries.map(({ key, samples }) => [key, samples[nth % samples.length]])),
  );
}

/** What is no JSON, or other JSON than it looks like. */
const oddTexts: readonly (string | Buffer)[] = [
  ...['', '{', '{"reason":"a test","reason":"another"}', '\ufeff{}', "{'a':1}", '{"a":NaN}', '{}{}'],
  Buffer.from('{"reason":"\xff\xfe\xc3 test"}', 'latin1'),
];

interface Posted {
  readonly path: string;
  readonly url: string;
  readonly role: Role;
  readonly schema: Schema;
}

describe('bodies that nobody expects', () => {
  let api: ApiApp;
  let filled: (path: string) => string;

  before(async () => {
    await emptyTables(test.database);
    const { billId } = await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    await insertMember(test.database);
    await insertBill(test.database, { billId });
    await addOpenRows(test.database, billId);
    api = await createTestApi({ database: test.database, environment });
    const values: Readonly<Record<string, string>> = {
      ...openRows,
      billId,
      month: '2026-11',
      channel: 'EMAIL',
    };
    filled = (path) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? uuid);
  });

  async function postsOf(): Promise<Posted[]> {
    const { paths } = (await api.inject('/api/v1/openapi.json')).json();
    return Object.entries<Record<string, Record<string, unknown>>>(paths).flatMap(([path, { post }]) => {
      if (post === undefined || path.startsWith('/inbound')) return [];
      const body = post.requestBody as { content: Record<string, { schema: Schema }> } | undefined;
      const [role = 'admin'] = (post['x-roles'] as Role[] | undefined)?.slice(-1) ?? [];
      return [{ path, url: filled(path), role, schema: body?.content['application/json']?.schema ?? {} }];
    });
  }

  it('are refused or understood by each route, and nothing of them is said back', async () => {
    const found: string[] = [];
    let asked = 0;
    for (const { path, url, role, schema } of await postsOf()) {
      const bodies = new Set(
        samplesOf(schema).flatMap((sample) => [JSON.stringify(sample), ...withHoles(sample)]),
      );
      for (const payload of [...bodies, ...hostileValues, ...oddTexts]) {
        // With a key, the answer is stored.
        const headers = {
          ...bearer(role),
          'content-type': 'application/json',
          ...(++asked % 2 === 0 ? { 'idempotency-key': `k-${asked}` } : {}),
        };
        const { statusCode, body } = await api.inject({ method: 'POST', url, headers, payload });
        if (statusCode === 500 || body.includes(mark)) {
          found.push(`${path} ${String(payload).slice(0, 200)}: ${statusCode} ${body.slice(0, 200)}`);
        }
      }
    }
    assert.deepEqual(found.slice(0, 8), []);
  });

  it('leave nothing that an answer stumbles over', async () => {
    const { paths } = (await api.inject('/api/v1/openapi.json')).json();
    const found: string[] = [];
    for (const [path, methods] of Object.entries<object>(paths)) {
      if (!('get' in methods) || path.endsWith('/stream')) continue;
      const { statusCode, body } = await api.inject({ url: filled(path), headers: bearer('admin') });
      if (statusCode === 500) found.push(`${path} ${body}`);
    }
    assert.deepEqual(found, []);
  });
});
