import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  type BrakeTrip,
  failBrakeTrial,
  releaseBrakes,
  releaseByTrial,
  releaseForPerson,
  selectBrakes,
  takeTrialChance,
  tripBrake,
} from '../../src/db/brake.ts';
import { ask } from '../support/ask.ts';
import { newDispatcherId } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from brake'));

const alice = { by: 'person alice' };
function tripOf(facts: Partial<BrakeTrip> = {}): BrakeTrip {
  return {
    brake: 'EMAIL',
    kind: 'unknown',
    cause: 'HTTP 500',
    by: 'dispatcher host:1',
    firstTrialMs: 5_000,
    ...facts,
  };
}
const refusals = tripOf({ kind: 'refusals', cause: '50 of 50 refused', firstTrialMs: null });
async function kinds() {
  return (await selectBrakes(db.database)).map(({ brake, kind }) => `${brake} ${kind}`);
}
function chanceFor(by = newDispatcherId(), leaseMs = 10_000) {
  return takeTrialChance(db.database, { brake: 'EMAIL', by, leaseMs });
}

describe('a brake', () => {
  it('is set by the first who stops it, and keeps why', async () => {
    const told = await Promise.all(Array.from({ length: 8 }, () => tripBrake(db.database, tripOf())));
    assert.equal(told.filter(Boolean).length, 1);
    assert.equal(await tripBrake(db.database, tripOf({ kind: 'settings', cause: 'HTTP 401' })), false);
    const [brake] = await selectBrakes(db.database);
    assert.deepEqual([brake?.kind, brake?.reason, brake?.by], ['unknown', 'HTTP 500', 'dispatcher host:1']);
  });

  it('that a person must release takes the place of one that would go off by itself', async () => {
    await tripBrake(db.database, tripOf());
    assert.equal(await tripBrake(db.database, refusals), true);
    assert.equal(await tripBrake(db.database, tripOf()), false);
    assert.deepEqual(await kinds(), ['EMAIL refusals']);
    assert.equal(await chanceFor(), undefined, 'it has no trials');
    assert.equal(await releaseByTrial(db.database, 'EMAIL', 'dispatcher host:1'), false);
  });

  it('is released by its name, and one for a person by any name', async () => {
    await tripBrake(db.database, tripOf());
    await tripBrake(db.database, tripOf({ brake: 'SMS' }));
    assert.deepEqual(await releaseBrakes(db.database, ['EMAIL'], alice), ['EMAIL']);
    assert.deepEqual(await kinds(), ['SMS unknown']);
    await tripBrake(db.database, refusals);
    assert.deepEqual((await releaseBrakes(db.database, ['SMS'], alice)).sort(), ['EMAIL', 'SMS']);
    await tripBrake(db.database, refusals);
    await tripBrake(db.database, tripOf({ brake: 'SMS' }));
    assert.deepEqual(await releaseForPerson(db.database, alice), ['EMAIL']);
    assert.deepEqual(await kinds(), ['SMS unknown']);
  });
});

describe('the brakes of several providers', () => {
  it('are released one by one, or with their channel', async () => {
    const trip = () =>
      Promise.all(
        (['EMAIL/ses', 'EMAIL/postmark'] as const).map((brake) => tripBrake(db.database, tripOf({ brake }))),
      );
    await trip();
    assert.deepEqual(await releaseBrakes(db.database, ['EMAIL/ses'], alice), ['EMAIL/ses']);
    assert.deepEqual(await kinds(), ['EMAIL/postmark unknown']);
    await trip();
    await releaseBrakes(db.database, ['EMAIL', 'EMAIL/ses', 'EMAIL/postmark'], alice);
    assert.deepEqual(await kinds(), []);
  });

  it("count nothing of before any more, once the channel's brake is released under any name", async () => {
    await tripBrake(db.database, tripOf({ brake: 'EMAIL/ses' }));
    await releaseByTrial(db.database, 'EMAIL/ses', 'dispatcher host:1');
    await tripBrake(db.database, refusals);
    const released = (await releaseBrakes(db.database, ['SMS'], alice)).toSorted();
    assert.deepEqual(released, ['EMAIL', 'EMAIL/ses']);
  });
});

describe('the chance of a trial', () => {
  it('is one over the cluster, when it is due', async () => {
    await tripBrake(db.database, tripOf());
    assert.equal(await chanceFor(), undefined, 'not before its time');
    await ask(db.database, 'update brake set next_trial_at = now()');
    const taken = await Promise.all(Array.from({ length: 8 }, () => chanceFor()));
    assert.deepEqual(
      taken.filter((trials) => trials !== undefined),
      [1],
    );
  });

  it("is another's when its holder is gone", async () => {
    await tripBrake(db.database, tripOf({ firstTrialMs: 0 }));
    assert.equal(await chanceFor(newDispatcherId(), 0), 1);
    assert.equal(await chanceFor(), 2);
  });

  it('that came to nothing leads to the next one, with the newest cause; a late word changes nothing', async () => {
    await tripBrake(db.database, tripOf({ firstTrialMs: 0 }));
    const by = newDispatcherId();
    await chanceFor(by);
    const failed = { brake: 'EMAIL', nextTrialMs: 0, kind: 'settings', cause: 'HTTP 401' } as const;
    await failBrakeTrial(db.database, { ...failed, by: newDispatcherId() });
    assert.deepEqual(await kinds(), ['EMAIL unknown']);
    await failBrakeTrial(db.database, { ...failed, by });
    assert.deepEqual(await kinds(), ['EMAIL settings']);
    assert.equal(await chanceFor(), 2);
  });

  it('that was accepted releases the brake, once', async () => {
    await tripBrake(db.database, tripOf());
    assert.equal(await releaseByTrial(db.database, 'EMAIL', 'dispatcher host:1'), true);
    assert.equal(await releaseByTrial(db.database, 'EMAIL', 'dispatcher host:1'), false);
    assert.deepEqual(await kinds(), []);
  });
});
