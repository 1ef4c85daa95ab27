import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();

describe('POST /api/v1/webhooks/{id}/{verb}', () => {
  for (const verb of ['remove', 'enable', 'rotate', 'replay']) {
    it(`says to ${verb} that there is no such webhook`, async () => {
      const environment = { API_TOKENS: everyToken, WEBHOOK_KEY: Buffer.alloc(32, 'k').toString('base64') };
      const app = await createTestApi({ database: test.database, environment });
      const answer = await app.inject({
        method: 'POST',
        url: `/api/v1/webhooks/nobody/${verb}`,
        headers: bearer('admin'),
        payload: { reason: 'a test', ...(verb === 'replay' && { from: 1 }) },
      });
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'NOT_FOUND']);
      assert.match(answer.json().detail, /no webhook nobody/);
    });
  }
});
