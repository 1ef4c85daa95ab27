import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readControl, setFallbackStopped } from '../../src/db/control.ts';
import type { Database } from '../../src/db/database.ts';
import { createLogger } from '../../src/log.ts';
import { createFallbackGuard } from '../../src/send/fallbackGuard.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

/** Resolves with what is logged as an error: the guard says when it has stopped the fallback. */
const createLoud = () => {
  const { promise: said, resolve } = Promise.withResolvers<string>();
  const log = createLogger({ level: 'silent', pretty: false });
  log.error = (_facts: unknown, message?: string) => resolve(message ?? '');
  return { log, said };
};

/** The test's database, and the names of what it is asked. */
const listenIn = () => {
  const asked: string[] = [];
  const database: Database = {
    ...db.database,
    query: (statement, values) => {
      asked.push(statement.name);
      return db.database.query(statement, values);
    },
  };
  return { database, asked };
};

const accepted = { kind: 'accepted' } as const;
const refused = { kind: 'refused', reason: 'BOUNCE' } as const;

describe('the fallback guard', { timeout: 60_000 }, () => {
  it('stops the fallback over the cluster, and counts anew when a person resumes it', async () => {
    const { log, said } = createLoud();
    const { database, asked } = listenIn();
    const guard = createFallbackGuard({ database, log, name: 'host:1', limit: 0.2 });
    for (let index = 0; index < 1_000; index++) guard.answered('EMAIL', accepted);
    for (let index = 0; index < 1_000; index++) guard.answered('EMAIL', index % 4 === 0 ? refused : accepted);
    assert.match(await said, /SMS fallback stopped/);
    const stopped = await readControl(db.database);
    assert.equal(stopped.fallbackStopped?.by, 'dispatcher host:1');
    assert.match(stopped.fallbackStopped?.reason ?? '', /more than 20 % of the last 1,000/);
    await setFallbackStopped(db.database, false, { by: 'person test', reason: 'looked at it' });
    guard.obey(await readControl(db.database));
    for (let index = 0; index < 999; index++) guard.answered('EMAIL', refused);
    assert.deepEqual(asked, ['stop-fallback'], 'what was refused before counts no more');
    guard.answered('EMAIL', refused);
    assert.deepEqual(asked, ['stop-fallback', 'stop-fallback'], 'an outage that goes on stops it again');
  });

  it('counts e-mails that were accepted or refused, and nothing else', () => {
    const { database, asked } = listenIn();
    const { log } = createLoud();
    const guard = createFallbackGuard({ database, log, name: 'host:1', limit: 0.2 });
    for (let index = 0; index < 1_000; index++) guard.answered('SMS', refused);
    for (let index = 0; index < 1_000; index++) guard.answered('EMAIL', accepted);
    assert.deepEqual(asked, [], 'refused SMS say nothing of the mail provider');
    for (let index = 0; index < 1_000; index++) {
      guard.answered('EMAIL', index % 4 === 0 ? refused : accepted);
      guard.answered('EMAIL', { kind: 'notSent', reason: 'BUSY' });
      guard.answered('EMAIL', { kind: 'unknown', reason: 'TIME_OUT' });
    }
    assert.deepEqual(asked, ['stop-fallback'], 'what is neither does not thin the refusals out');
  });
});
