import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setPaused } from '../../../src/db/control.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { addSampleBills } from '../../../src/operations/addSampleBills.ts';
import { releaseAll } from '../../../src/operations/releaseBills.ts';
import { ask } from '../../support/ask.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';
import { readTopic } from '../../support/testTopics.ts';

function keyOf(keyId: string, fill: number) {
  return { keyId, key: Buffer.alloc(32, fill) };
}
const [old, current, lost] = [keyOf('old', 1), keyOf('new', 2), keyOf('lost', 3)];
type Key = typeof old;
const signed = { by: 'a person', reason: 'a rolling restart' };
function setting(...keys: Key[]) {
  return {
    CIPHER_KEYS: keys.map(({ keyId, key }) => `${keyId}:${key.toString('base64')}`).join(','),
  };
}

/** Bills that the batch seals with this key, released at once. */
async function publishSealed({ database, config }: TestSystem, key: Key, members: number): Promise<void> {
  const cipher = { ...config.cipher, keys: [key] };
  await addSampleBills({ database, config: { ...config, cipher } }, { members, seed: 5 });
  await ask(database, 'update member set do_not_disturb_start = null');
  await releaseAll(database, standardLadder);
}

async function assertNothingLost(system: TestSystem): Promise<void> {
  const verdict = await system.verdict();
  assert.deepEqual([verdict.lost, verdict.duplicated, verdict.inDoubt], [0, 0, 0]);
}

describe('a new key', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      ...setting(old),
      SIMULATED_REFUSAL_RATE: '0',
      SIMULATED_DELAY_MS: '500',
      MAX_IN_FLIGHT: '100',
    });
  });
  after(() => system.destroy());

  it('takes over by a rolling restart in mid-run, and bills of either key go out', async () => {
    await publishSealed(system, old, 1_500);
    const before = await system.startDispatcher();
    await system.until('the old dispatcher is in mid-run', (states) => states.delivered >= 100);
    // The restart is in mid-run, however long a start takes here.
    await setPaused(system.database, true, signed);
    const afterwards = await system.startDispatcher(setting(current, old));
    await setPaused(system.database, false, signed);
    assert.equal(await before.stop(), 0);
    assert.ok((await system.states()).delivered < 1_500, 'the restart was in mid-run');
    await publishSealed(system, current, 500);
    await system.until('all bills are finished', isFinished);
    assert.equal((await system.states()).delivered, 2_000);
    await assertNothingLost(system);
    assert.equal(await afterwards.stop(), 0);
  });
});

describe('a bill whose key is gone', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      ...setting(current, old),
      SIMULATED_REFUSAL_RATE: '0',
      RETRANSMIT_DELAY_MS: '0',
    });
  });
  after(() => system.destroy());

  it('fails with a dead letter and without retransmission, and goes out by retry once the key is back', async () => {
    await publishSealed(system, lost, 20);
    await publishSealed(system, current, 20);
    const without = await system.startDispatcher();
    await system.until('all bills are finished', isFinished);
    const states = await system.states();
    assert.deepEqual([states.delivered, states.failed, states.retransmissions], [20, 20, 0]);
    assert.equal(await without.stop(), 0);
    const letters = await readTopic(system.kafka, system.config.kafka.topics.deadLetter);
    assert.deepEqual(
      letters.map(({ headers }) => headers['billcast-reason']),
      Array.from({ length: 20 }, () => 'CIPHER_FAILED'),
    );
    const { moved } = await moveSelected(system.database, {
      selection: { reason: 'CIPHER_FAILED', sendStatus: 'FAILED' },
      move: retryAs(system.database, { actor: 'a person', first: 'EMAIL' }),
      dryRun: false,
    });
    assert.equal(moved, 20);
    const again = await system.startDispatcher(setting(current, old, lost));
    await system.until('all bills are delivered', ({ delivered }) => delivered === 40);
    await assertNothingLost(system);
    assert.equal(await again.stop(), 0);
  });
});
