import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { idempotencyKeyOf } from '../../../src/bill.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import {
  createSimulatedProvider,
  type SimulatedOptions,
} from '../../../src/providers/simulated/simulatedProvider.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
let files = 0;

function create(options: Partial<SimulatedOptions> = {}) {
  const ledgerFile = join(folder, `ledger-${++files}.jsonl`);
  const unwritten: unknown[] = [];
  const onUnwritable = (error: unknown) => unwritten.push(error);
  const usual = { delayMs: 0, refusalRate: 0, seed: 1, ledgerFile, sendTimeoutMs: 60_000, onUnwritable };
  const all = { ...usual, ...options };
  return { provider: createSimulatedProvider(all), ledgerFile: all.ledgerFile, unwritten };
}

const sms = { to: '01012345678' };
const inTime = { unixMs: 0, passed: () => false };

function sendOf(provider: Provider, billId: number, startDeadline = inTime) {
  const claim = claimOf({ billId: billIdOf(billId), channel: 'SMS' });
  return provider.send(sms, { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline });
}
async function refusedOf(provider: Provider, bills: number): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: bills }, (_, bill) => sendOf(provider, bill)));
  return answers.flatMap(({ kind }, bill) => (kind === 'refused' ? [bill] : []));
}

describe('the simulated provider', () => {
  it('says accepted only when the ledger holds the acceptance', async () => {
    const { provider, ledgerFile } = create();
    const answers = Array.from({ length: 50 }, async (_, bill) => {
      const answer = await sendOf(provider, bill);
      assert.ok(readFileSync(ledgerFile, 'utf8').includes(`"${bill}:SMS:1"`));
      return answer;
    });
    assert.deepEqual(await answers[7], { kind: 'accepted', providerId: 'sim-7:SMS:1' });
    await Promise.all(answers);
    await provider.stop();
  });

  it('takes as long as it is set to', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { provider, ledgerFile } = create({ delayMs: 1_000 });
    const answer = sendOf(provider, 1);
    t.mock.timers.tick(999);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(existsSync(ledgerFile), false);
    t.mock.timers.tick(1);
    assert.equal((await answer).kind, 'accepted');
    await provider.stop();
  });

  it('refuses the same share and the same attempts by the same seed, others by another', async () => {
    const [first, same, other] = [
      await refusedOf(create({ refusalRate: 0.05, seed: 7 }).provider, 4_000),
      await refusedOf(create({ refusalRate: 0.05, seed: 7 }).provider, 4_000),
      await refusedOf(create({ refusalRate: 0.05, seed: 8 }).provider, 4_000),
    ];
    assert.deepEqual(first, same);
    assert.notDeepEqual(first, other);
    for (const refused of [first, other]) assert.ok(refused.length > 140 && refused.length < 260);
  });

  it('refuses none by 0 and all by 1, and accepts nothing that it refuses', async () => {
    assert.equal((await refusedOf(create().provider, 100)).length, 0);
    const { provider, ledgerFile } = create({ refusalRate: 1 });
    assert.equal((await refusedOf(provider, 100)).length, 100);
    assert.equal(existsSync(ledgerFile), false);
  });

  it('judges each attempt separately: per cycle and channel', async () => {
    const { provider } = create({ refusalRate: 0.5 });
    const kinds = new Set<string>();
    for (let cycle = 1; cycle <= 20; cycle++) {
      const claim = claimOf({ cycle });
      const options = { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline: inTime };
      kinds.add((await provider.send(sms, options)).kind);
    }
    assert.deepEqual(kinds, new Set(['accepted', 'refused']));
    await provider.stop();
  });

  it('does not begin past the start deadline, and accepts nothing', async () => {
    const { provider, ledgerFile } = create();
    const answer = await sendOf(provider, 1, { unixMs: 0, passed: () => true });
    assert.deepEqual(answer, { kind: 'notSent', reason: 'START_DEADLINE' });
    assert.equal(existsSync(ledgerFile), false);
  });

  it('accepts nothing after the time limit, however long its process was suspended', async (t) => {
    const { provider, ledgerFile } = create({ sendTimeoutMs: 5_000 });
    const answer = sendOf(provider, 1);
    const now = Date.now();
    t.mock.method(Date, 'now', () => now + 3_600_000);
    assert.deepEqual(await answer, { kind: 'notSent', reason: 'SUSPENDED' });
    assert.equal(existsSync(ledgerFile), false);
  });

  it('has not sent what it cannot write to the ledger', async () => {
    writeFileSync(join(folder, 'plain'), '');
    const { provider, unwritten } = create({ ledgerFile: join(folder, 'plain', 'ledger.jsonl') });
    assert.deepEqual(await sendOf(provider, 1), { kind: 'notSent', reason: 'LEDGER_UNWRITABLE' });
    assert.equal(unwritten.length, 1);
    await provider.stop();
  });
});

describe('its lookup', () => {
  it('says accepted of what the ledger holds, and never of all else', async () => {
    const { provider } = create();
    await Promise.all([1, 2].map((bill) => sendOf(provider, bill)));
    const keys = ['1:SMS:1', '2:SMS:1', '1:SMS:2', '1:EMAIL:1', '11:SMS:1', '3:SMS:1'];
    assert.deepEqual(await Promise.all(keys.map((key) => provider.lookup(key))), [
      ...['accepted', 'accepted', 'never', 'never', 'never', 'never'],
    ]);
    await provider.stop();
  });

  it('says never if there is no ledger yet', async () => {
    assert.equal(await create().provider.lookup('1:SMS:1'), 'never');
  });

  it('knows what another process accepted, and what came since the last time', async () => {
    const { provider, ledgerFile } = create();
    const other = create({ ledgerFile }).provider;
    assert.equal(await provider.lookup('5:SMS:1'), 'never');
    await sendOf(other, 5);
    assert.equal(await provider.lookup('5:SMS:1'), 'accepted');
    await other.stop();
  });
});

describe('the answers of the simulated provider', () => {
  it('come in the order of the sends, refusals and acceptances mixed', async () => {
    const { provider } = create({ refusalRate: 0.5 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await sendOf(provider, index + 1);
        order.push(index);
      }),
    );
    await provider.stop();
    assert.deepEqual(
      order,
      Array.from({ length: 200 }, (_, index) => index),
    );
  });
});
