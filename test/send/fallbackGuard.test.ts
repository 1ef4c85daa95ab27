import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readControl, setFallbackStopped } from '../../src/db/control.ts';
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

const accepted = { kind: 'accepted' } as const;
const refused = { kind: 'refused', reason: 'BOUNCE' } as const;

describe('the fallback guard', () => {
  it('stops the fallback over the cluster, and counts anew when a person resumes it', async () => {
    const { log, said } = createLoud();
    const guard = createFallbackGuard({ database: db.database, log, name: 'host:1', limit: 0.2 });
    for (let index = 0; index < 1_000; index++) {
      guard.answered('SMS', refused);
      guard.answered('EMAIL', { kind: 'notSent', reason: 'BUSY' });
      guard.answered('EMAIL', { kind: 'unknown', reason: 'TIME_OUT' });
    }
    for (let index = 0; index < 1_000; index++) guard.answered('EMAIL', accepted);
    for (let index = 0; index < 1_000; index++) guard.answered('EMAIL', index % 4 === 0 ? refused : accepted);
    assert.match(await said, /SMS fallback stopped/);
    const stopped = await readControl(db.database);
    assert.equal(stopped.fallbackStopped?.by, 'dispatcher host:1');
    assert.match(stopped.fallbackStopped?.reason ?? '', /more than 20 % of the last 1,000/);
    await setFallbackStopped(db.database, false, { by: 'person test', reason: 'looked at it' });
    guard.obey(await readControl(db.database));
    for (let index = 0; index < 999; index++) guard.answered('EMAIL', refused);
    assert.equal((await readControl(db.database)).fallbackStopped, null);
  });
});
