import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { findRunRow } from '../../../src/db/runs/runRows.ts';
import { askValue } from '../../support/ask.ts';
import { fillPlainBills, writePlainSource } from '../../support/plainBills.ts';
import { startedRun } from '../../support/startedRun.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { createTestSystem, type TestSystem } from '../../support/testSystem.ts';

/** With more bills and other causes: test/long/heldRuns.test.ts. */
const bills = 500;
const canary = { bills: 25 };
const folder = useTemporaryFolder();
let system: TestSystem;

before(async () => {
  system = await createTestSystem({
    ...writePlainSource(folder),
    TEMPLATE: 'bad',
  });
  await fillPlainBills(system.database, bills);
});
after(() => system?.destroy());

it('a run whose template prints no bill holds with its canary out, and says why', async () => {
  const dispatcher = await system.startDispatcher();
  const month = { id: '2026-11', selection: { month: '2026-11' }, bills };
  await startedRun(system.database, { ...month, canary, gates: { waitMinutes: 0 } });
  await dispatcher.said('run is held');
  const run = await findRunRow(system.database, '2026-11');
  assert.deepEqual(
    [run?.hold?.code, run?.hold?.detail],
    ['GATE_FAILED', 'failed: 25 of 25 bills (100 %), limit 1 %, mostly TEMPLATE_FAILED (25)'],
  );
  assert.equal(
    await askValue(
      system.database,
      `select count(*)::int from bill_notification where publish_status <> 'HELD'`,
    ),
    25,
  );
});
