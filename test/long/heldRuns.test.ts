import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { findRunRow } from '../../src/db/runs/runRows.ts';
import { ask, askValue } from '../support/ask.ts';
import { fillPlainBills, writePlainSource } from '../support/plainBills.ts';
import { startedRun } from '../support/startedRun.ts';
import { noFaults, startTestGateway } from '../support/testGateway.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

/** `HELD_RUN_BILLS=100000` for the whole proof. */
const bills = Number(process.env.HELD_RUN_BILLS ?? '5000');
const percent = 1;
const canaryBills = Math.ceil((bills * percent) / 100);
const id = '2026-11';
const patienceMs = 300_000;

/** A planned month with a canary of one percent, and two dispatchers with these settings. */
describe(`a planned month of ${bills} bills`, () => {
  let folder: string;
  const systems: TestSystem[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'billcast-held-'));
  });
  // Dispatchers that only wait would slow down the next proof.
  afterEach(async () => {
    for (const system of systems.splice(0)) await system.destroy();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = async (settings: Record<string, string> = {}): Promise<TestSystem> => {
    const system = await createTestSystem({
      ...writePlainSource(folder),
      SIMULATED_REFUSAL_RATE: '0',
      SIMULATED_DELAY_MS: '10',
      ...settings,
    });
    systems.push(system);
    await fillPlainBills(system.database, bills);
    return system;
  };
  const start = (system: TestSystem) =>
    startedRun(system.database, {
      id,
      selection: { month: id },
      bills,
      canary: { percent },
      gates: { waitMinutes: 0 },
    });
  const stateOf = async (system: TestSystem) => (await findRunRow(system.database, id))?.state;

  /** Resolves when nothing moves any more: a bill that could go out would be moving. */
  const assertHeld = async (system: TestSystem, code: RegExp, detail: RegExp): Promise<void> => {
    await system.until('the run is held', async () => (await stateOf(system)) === 'PAUSED', patienceMs);
    const run = await findRunRow(system.database, id);
    assert.match(run?.hold?.code ?? '', code);
    assert.match(run?.hold?.detail ?? '', detail);
    const released = await askValue<number>(
      system.database,
      `select count(*)::int from bill_notification where publish_status <> 'HELD'`,
    );
    const chosen = await askValue<number>(system.database, 'select count(*)::int from run_canary');
    assert.ok(released <= canaryBills && chosen <= canaryBills, `${released} of ${canaryBills} are out`);
    console.log(`held: ${run?.hold?.code}, ${released} of ${bills} bills released: ${run?.hold?.detail}`);
  };

  it('with a bad template holds', async () => {
    const system = await open({ TEMPLATE: 'bad' });
    await Promise.all([system.startDispatcher(), system.startDispatcher()]);
    await start(system);
    await assertHeld(system, /^GATE_FAILED$/, /failed: .* mostly TEMPLATE_FAILED/);
  });

  it('with a missing column holds before its first bill', async () => {
    const system = await open();
    await Promise.all([system.startDispatcher(), system.startDispatcher()]);
    await ask(system.database, 'alter table plain_bill rename column amount to amount_2');
    await start(system);
    await assertHeld(system, /^SOURCE_INVALID$/, /load\.sql: .*column b\.amount does not exist/);
  });

  for (const [what, rates] of [
    ['wants more credit', { outOfCredit: 1 }],
    ['refuses each message', { refuse: 1 }],
    ['breaks each connection', { break: 1 }],
  ] as const) {
    it(`with a provider that ${what} holds`, async () => {
      const gateway = await startTestGateway(folder, { rates: { ...noFaults, ...rates } });
      const system = await open({
        PROVIDER_EMAIL: 'http',
        PROVIDER_SMS: 'http',
        HTTP_EMAIL_URL: gateway.url,
        HTTP_SMS_URL: gateway.url,
      });
      await Promise.all([system.startDispatcher(), system.startDispatcher()]);
      await start(system);
      await assertHeld(system, /^(BRAKE|GATE_\w+)$/, /./);
      const accepted = new Set(
        readFileSync(gateway.ledgerFile, { encoding: 'utf8', flag: 'a+' })
          .split('\n')
          .filter((line) => line !== ''),
      );
      assert.ok(accepted.size <= canaryBills, `${accepted.size} acceptances`);
      await gateway.close();
    });
  }

  it('without a fault goes out whole, each bill once', async () => {
    const system = await open();
    const [first] = await Promise.all([system.startDispatcher(), system.startDispatcher()]);
    await start(system);
    await system.until('half is out', ({ delivered }) => delivered > bills / 2, patienceMs);
    await first?.kill();
    await system.startDispatcher();
    await system.until('it is done', async () => (await stateOf(system)) === 'DONE', patienceMs);
    const { lost, duplicated } = await system.verdict();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    const facts = await askValue<{ released: number }>(
      system.database,
      `select facts from run_event where what = 'done'`,
    );
    assert.equal(facts.released, bills);
    console.log(`done: ${JSON.stringify(facts)}`);
  });
});
