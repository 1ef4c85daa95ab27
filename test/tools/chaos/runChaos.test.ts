import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

describe('a run of 2,000 bills', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0.05' });
  });
  after(() => system.destroy());

  it('delivers or fails every one, by the ledger once, and commits every offset', async () => {
    await system.publish(2_000);
    const dispatcher = await system.startDispatcher();
    await system.until('all bills are finished', isFinished);
    await system.until('the lag is 0', async () => (await system.lag()) === 0);
    const states = await system.states();
    assert.equal(states.total, 2_000);
    assert.ok(states.sms > 50, `about 100 e-mails were refused: ${states.sms} went by SMS`);
    assert.equal(states.deadLetters, states.failed);
    assert.deepEqual(pick(await system.verdict()), { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.equal(await dispatcher.stop(), 0, 'a clean stop exits 0');
    const held = await system.database.query({ name: 'held', text: 'select token from claim_batch' });
    assert.deepEqual(held, [], 'nothing is held after a clean stop');
  });
});

describe('kill -9 of the dispatcher in the middle of a run, twice', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_DELAY_MS: '500' });
  });
  after(() => system.destroy());

  it('loses nothing and sends nothing twice', async () => {
    await system.publish(2_000);
    for (const delivered of [200, 1_000]) {
      const victim = await system.startDispatcher();
      await system.until(`${delivered} bills are delivered`, (states) => states.delivered >= delivered);
      await victim.kill();
    }
    const survivor = await system.startDispatcher();
    await system.until('all bills are finished', isFinished, 90_000);
    await system.until('the lag is 0', async () => (await system.lag()) === 0);
    assert.deepEqual(pick(await system.verdict()), { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.equal(await survivor.stop(), 0);
  });
});

describe('a second dispatcher that joins and leaves in mid-run', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ MAX_IN_FLIGHT: '400' });
  });
  after(() => system.destroy());

  it('shares the work and hands it back without loss or repeat', async () => {
    await system.publish(2_000);
    const first = await system.startDispatcher();
    await system.until('the first is at work', (states) => states.delivered >= 200);
    const second = await system.startDispatcher();
    await system.publish(2_000);
    const deliveredBySecond = async (): Promise<number> => deliveredBy(system, second.pid);
    await system.until('the second is at work', async () => (await deliveredBySecond()) > 0);
    assert.equal(await second.stop(), 0);
    await system.until('all bills are finished', isFinished);
    assert.deepEqual(pick(await system.verdict()), { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.equal(await first.stop(), 0);
    assert.equal(await system.lag(), 0);
  });
});

function pick({ lost, duplicated, inDoubt }: Awaited<ReturnType<TestSystem['verdict']>>) {
  return {
    lost,
    duplicated,
    inDoubt,
  };
}

async function deliveredBy(system: TestSystem, pid: number): Promise<number> {
  const [row] = await system.database.query<[number]>(
    {
      name: 'delivered-by',
      text: `select count(*)::int from delivery_attempt where outcome = 'ACCEPTED' and actor like '%:' || $1::text`,
    },
    [String(pid)],
  );
  return row?.[0] ?? 0;
}
