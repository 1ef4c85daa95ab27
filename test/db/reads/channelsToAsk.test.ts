import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { releaseBrake, tripBrake } from '../../../src/db/brake.ts';
import { readChannelsToAsk } from '../../../src/db/reads/channelsToAsk.ts';
import { ask } from '../../support/ask.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from brake'));

const by = 'dispatcher host:1';
function trip(kind: 'unknown' | 'refusals', firstTrialMs: number | null) {
  return tripBrake(db.database, { channel: 'EMAIL', kind, cause: 'HTTP 500', by, firstTrialMs });
}
function read() {
  return readChannelsToAsk(db.database);
}

describe('the channels to ask', () => {
  it('are all, if nothing is braked', async () => {
    assert.deepEqual(await read(), { freely: ['EMAIL', 'SMS'], trying: [] });
  });

  it('are not those whose brake is on: what is not taken is no proof that it never was', async () => {
    await trip('unknown', 5_000);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
    await releaseBrake(db.database, 'EMAIL', { by: 'person alice' });
    assert.deepEqual(await read(), { freely: ['EMAIL', 'SMS'], trying: [] });
  });

  it('are on trial if a trial has been due for long, since nobody has a bill to try', async () => {
    await trip('unknown', -14_000);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
    await ask(db.database, `update brake set next_trial_at = next_trial_at - interval '2 s'`);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: ['EMAIL'] });
  });

  it('are not on trial if a person has to look first', async () => {
    await trip('refusals', null);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
  });
});
