import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createKnownTokens } from '../../../src/api/identity/knownTokens.ts';
import { createDatabase } from '../../../src/db/database.ts';
import { silentLog } from '../../support/capturedLog.ts';

it('a session ends when its token of API_TOKENS expires', async () => {
  const expiresAt = new Date('2027-01-01T00:00:00Z');
  const token = { name: 'ann', roles: ['viewer'], sha256: 'a'.repeat(64), expiresAt } as const;
  // It connects only when it is asked.
  const database = createDatabase({
    url: 'postgres://me@127.0.0.1:1/none',
    poolSize: 1,
    log: silentLog,
    patienceMs: 0,
  });
  const { findBySha256 } = createKnownTokens({ tokens: [token] }, database);
  assert.equal(await findBySha256(token.sha256, new Date('2026-12-31T23:59:59Z')), token);
  assert.equal(await findBySha256(token.sha256, expiresAt), undefined);
  await database.close();
});
