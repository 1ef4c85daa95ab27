import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { type Role, roleNames } from '../../src/policy/roles.ts';
import { bearer, createTestApi } from '../support/testApi.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => test.database.execute('truncate access_record'));

/** What may be read without a token, the route that signs in, and the one that providers sign. */
const openRoutes = [
  ...['GET /healthz', 'GET /readyz', 'GET /api/v1/build', 'POST /api/v1/session'],
  'POST /inbound/EMAIL',
];

interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly roles: readonly Role[] | undefined;
  readonly records: string | undefined;
  readonly isStream: boolean;
}

async function operationsOf(app: ApiApp): Promise<readonly Operation[]> {
  const { paths } = (await app.inject('/api/v1/openapi.json')).json();
  return Object.entries<Record<string, Record<string, unknown>>>(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Operation['method'],
      url: url
        .replaceAll(/\{\w*[iI]d\}/g, '00000000-0000-4000-8000-000000000000')
        .replaceAll(/\{\w+\}/g, 'EMAIL'),
      roles: operation['x-roles'] as Operation['roles'],
      records: operation['x-records'] as Operation['records'],
      isStream: url.endsWith('/stream'),
    })),
  );
}

function ask(app: ApiApp, { method, url }: Operation, headers: Record<string, string> = {}) {
  return app.inject({ method, url, headers, ...(method === 'POST' && { payload: {} }) });
}

describe('every route of the document', () => {
  it('is closed without a token, but for what a probe needs and signing in', async () => {
    const app = await createTestApi({ database: test.database });
    const open: string[] = [];
    for (const operation of await operationsOf(app)) {
      const { statusCode } = await ask(app, operation);
      if (statusCode !== 401 || operation.url === '/api/v1/session') {
        if (operation.roles === undefined) open.push(`${operation.method} ${operation.url}`);
        else assert.equal(statusCode, 401, operation.url);
      }
    }
    assert.deepEqual(open.sort(), [...openRoutes].sort());
  });

  it('lets in the roles that it names, and no other', async () => {
    const app = await createTestApi({ database: test.database });
    for (const operation of await operationsOf(app)) {
      if (operation.roles === undefined || operation.isStream) continue;
      // All at once: some routes wait for a Kafka that is not there.
      const answers = await Promise.all(roleNames.map((role) => ask(app, operation, bearer(role))));
      for (const [index, { statusCode, json }] of answers.entries()) {
        const role = roleNames[index] ?? assert.fail();
        const what = `${operation.method} ${operation.url} as ${role}: ${statusCode} ${JSON.stringify(json())}`;
        assert.equal(statusCode === 403, !operation.roles.includes(role), what);
        assert.ok(statusCode < 500, what);
      }
    }
  });

  it('leaves a record if it changes or opens something, also if it is refused', async () => {
    const app = await createTestApi({ database: test.database });
    const operations = await operationsOf(app);
    for (const { method, url, roles, records } of operations) {
      const isRead = method === 'GET' || /\/(search|session|check)$/.test(url);
      // A provider's word is evidence: it is stored itself.
      const isEvidence = url.startsWith('/inbound/');
      if (!isRead && !isEvidence) assert.ok(records !== undefined, `${method} ${url} leaves no record`);
      if (records === undefined || roles === undefined) continue;
      await test.database.execute('truncate access_record');
      const outsider = roleNames.find((role) => !roles.includes(role));
      if (outsider === undefined) continue;
      await app.inject({ method, url, headers: bearer(outsider), ...(method === 'POST' && { payload: {} }) });
      const [record] = (await app.inject({ url: '/api/v1/audit', headers: bearer('auditor') })).json().items;
      assert.deepEqual([record?.what, record?.result], [records, 'refused'], url);
    }
  });

  it('has a summary, and answers by a problem document if it cannot help', async () => {
    const app = await createTestApi({ database: test.database });
    const { paths } = (await app.inject('/api/v1/openapi.json')).json();
    for (const methods of Object.values<Record<string, { summary?: string; responses: object }>>(paths)) {
      for (const operation of Object.values(methods)) {
        assert.ok(operation.summary);
        assert.ok('default' in operation.responses);
      }
    }
  });
});
