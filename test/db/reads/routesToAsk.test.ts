import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { releaseBrakes, tripBrake } from '../../../src/db/brake.ts';
import { readRoutesToAsk } from '../../../src/db/reads/routesToAsk.ts';
import { ask } from '../../support/ask.ts';
import { oneProvider } from '../../support/testLanes.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from brake'));

const shares = { ...oneProvider, ALIMTALK: [] };
const by = 'dispatcher host:1';
function trip(kind: 'unknown' | 'refusals', firstTrialMs: number | null) {
  return tripBrake(db.database, { brake: 'EMAIL', kind, cause: 'HTTP 500', by, firstTrialMs });
}
function read() {
  return readRoutesToAsk(db.database, shares);
}

describe('the routes to ask', () => {
  it('are all, if nothing is braked', async () => {
    assert.deepEqual(await read(), { freely: ['EMAIL', 'SMS'], trying: [] });
  });

  it('are not those whose brake is on: what is not taken is no proof that it never was', async () => {
    await trip('unknown', 5_000);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
    await releaseBrakes(db.database, ['EMAIL'], { by: 'person alice' });
    assert.deepEqual(await read(), { freely: ['EMAIL', 'SMS'], trying: [] });
  });

  it('are on trial if a trial has been due for long, since nobody has a bill to try', async () => {
    await trip('unknown', -14_000);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
    await ask(db.database, `update brake set next_trial_at = next_trial_at - interval '2 s'`);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: ['EMAIL'] });
  });

  it('are each of several providers, unless the brake of the channel is on', async () => {
    const several = {
      ...shares,
      EMAIL: [
        { name: 'ses', weight: 80 },
        { name: 'postmark', weight: 20 },
      ],
    };
    const unreachable = { kind: 'unreachable', cause: 'ECONNREFUSED', by, firstTrialMs: 5_000 } as const;
    await tripBrake(db.database, { ...unreachable, brake: 'EMAIL/ses' });
    assert.deepEqual((await readRoutesToAsk(db.database, several)).freely, ['EMAIL/postmark', 'SMS']);
    await trip('refusals', null);
    assert.deepEqual(await readRoutesToAsk(db.database, several), { freely: ['SMS'], trying: [] });
  });

  it('are not on trial if a person has to look first', async () => {
    await trip('refusals', null);
    assert.deepEqual(await read(), { freely: ['SMS'], trying: [] });
  });
});
