import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { askValue } from '../../support/ask.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

describe("a simulated provider's ledger that cannot be written", () => {
  // A file in place of its folder refuses every write, even for root, and can be undone.
  const folder = join(useTemporaryFolder(), 'ledgers');
  let system: TestSystem;
  before(async () => {
    await writeFile(folder, '');
    system = await createTestSystem({
      SIMULATED_LEDGER: join(folder, 'ledger.jsonl'),
      SIMULATED_REFUSAL_RATE: '0',
    });
  });
  after(() => system.destroy());

  it('holds the bills back, each for longer, and they go out once there is room', async () => {
    await system.publish(50);
    const dispatcher = await system.startDispatcher();
    const triedTwice = () =>
      askValue<number>(
        system.database,
        `select count(*)::int from (
           select bill_id from delivery_attempt where reason = 'LEDGER_UNWRITABLE' group by 1 having count(*) > 1) _`,
      );
    await system.until('every bill was tried twice', async () => (await triedTwice()) === 50);
    const { delivered, failed, inDoubt } = await system.states();
    assert.deepEqual({ delivered, failed, inDoubt }, { delivered: 0, failed: 0, inDoubt: 0 });
    await rm(folder);
    await system.until('all bills are finished', isFinished);
    const verdict = await system.verdict();
    assert.deepEqual([verdict.delivered, verdict.lost, verdict.duplicated], [50, 0, 0]);
    assert.equal(await dispatcher.stop(), 0, 'the process lived through it');
  });
});
