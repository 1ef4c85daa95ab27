import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PreparationFailure } from '../../../src/bill.ts';
import { load } from '../../../src/consumer/pipeline/load.ts';
import { parseSourceBill } from '../../../src/render/bill/parseSourceBill.ts';
import type { RenderedBill } from '../../../src/render/bill/renderedBill.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { insertNotification, journalOf, readNotification } from '../../support/notifications.ts';
import { allDone, recordOf } from '../../support/records.ts';
import { insertBill, insertMember } from '../../support/testBills.ts';
import {
  createFakeRenderPool,
  createTestPipeline,
  holdClaims,
  renderedFor,
} from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

function unpreparable(reason: PreparationFailure): RenderedBill {
  return {
    kind: 'unpreparable',
    reason,
    detail: 'says nothing of a person',
  };
}

/** Carries one bill whose rendering gives `rendered`; nothing of it may reach a provider. */
async function carryUnpreparable(rendered: RenderedBill[], channel: 'EMAIL' | 'SMS' = 'EMAIL') {
  const provider = createFakeProvider();
  const captured = captureLog();
  const pipeline = await createTestPipeline(db.database, {
    provider,
    renderPool: createFakeRenderPool(async () => rendered),
    log: captured.log,
  });
  const { billId } = await insertNotification(db.database, { channel });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await record.whenDone;
  await pipeline.stop();
  assert.deepEqual(provider.sent, []);
  const row = await readNotification(db.database, billId);
  assert.equal(captured.warnings().length, row.sendStatus === 'FAILED' ? 1 : 0);
  return { row, journal: await journalOf(db.database, billId) };
}

describe('a bill that cannot be prepared', () => {
  it('for want of an e-mail address turns to SMS', async () => {
    const { row, journal } = await carryUnpreparable([unpreparable('NO_CONTACT')]);
    assert.deepEqual([row.sendStatus, row.channel, row.publishStatus], ['PENDING', 'SMS', 'PENDING']);
    assert.deepEqual([row.attempts, row.token], [0, null]);
    assert.deepEqual([journal[0]?.outcome, journal[0]?.reason], ['UNPREPARABLE', 'NO_CONTACT']);
  });

  it('for want of a phone number has FAILED', async () => {
    const { row } = await carryUnpreparable([unpreparable('NO_CONTACT')], 'SMS');
    assert.deepEqual([row.sendStatus, row.reason, row.retransmitInMs], ['FAILED', 'NO_CONTACT', null]);
  });

  for (const reason of ['BILL_INCOMPLETE', 'CIPHER_FAILED', 'TEMPLATE_FAILED', 'RENDER_CRASHED'] as const) {
    it(`for ${reason} has FAILED, with its dead letter owed and no retransmission`, async () => {
      const { row } = await carryUnpreparable([unpreparable(reason)]);
      assert.deepEqual(
        [row.sendStatus, row.reason, row.publishStatus, row.retransmitInMs],
        ['FAILED', reason, 'PENDING', null],
      );
    });
  }

  it('because the pool gave no result for it has FAILED too', async () => {
    const { row } = await carryUnpreparable([]);
    assert.deepEqual([row.sendStatus, row.reason], ['FAILED', 'RENDER_CRASHED']);
  });

  it('does not hold up the others of its batch', async () => {
    const provider = createFakeProvider();
    const renderPool = createFakeRenderPool(async (channel, bills) =>
      bills.map((_, index) => (index === 1 ? unpreparable('CIPHER_FAILED') : renderedFor(channel))),
    );
    const pipeline = await createTestPipeline(db.database, { provider, renderPool });
    const records = [];
    for (let bill = 0; bill < 3; bill++) {
      records.push(recordOf((await insertNotification(db.database)).billId));
    }
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    assert.equal(provider.sent.length, 2);
    assert.deepEqual([pipeline.inFlight('EMAIL'), pipeline.lanes.EMAIL.brake.gate.taken], [0, 0]);
  });
});

describe('what is rendered', () => {
  it('is the text of each bill, in the order of its claims', async () => {
    await insertMember(db.database);
    const claims = [];
    for (let bill = 0; bill < 3; bill++) claims.push(await insertNotification(db.database));
    for (const { billId } of claims.slice(0, 2)) await insertBill(db.database, { billId });
    const pipeline = await createTestPipeline(db.database);
    const bills = holdClaims(pipeline, claims.toReversed()).map(({ bill }) => bill);
    const loaded = (await Array.fromAsync(load(pipeline.deps, bills))).flat();
    const parsed = loaded.map(({ text }) => parseSourceBill(text));
    assert.deepEqual(
      parsed.map((result) => (result.kind === 'complete' ? result.bill.billId : result.kind)),
      ['incomplete', claims[1]?.billId, claims[0]?.billId],
    );
  });
});
