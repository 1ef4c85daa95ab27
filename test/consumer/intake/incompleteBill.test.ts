import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { createRenderer, type Renderer } from '../../../src/render/bill/renderer.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { testCipherOptions } from '../../render/bill/testCiphers.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification, readNotification } from '../../support/notifications.ts';
import { compileOurTemplates } from '../../support/ourTemplates.ts';
import { recordOf } from '../../support/records.ts';
import { insertBill, insertItem, insertMember } from '../../support/testBills.ts';
import { createFakeRenderPool, createTestPipeline } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

let renderer: Renderer;
before(async () => {
  renderer = createRenderer({
    templates: await compileOurTemplates(),
    ciphers: createFieldCiphers(testCipherOptions({ fallback: 'none' })),
    timeZone: 'Asia/Seoul',
  });
});

async function carry(billId: BillId) {
  const renderPool = createFakeRenderPool(async (channel, texts) =>
    texts.map((text) => renderer.render(channel, text)),
  );
  const pipeline = await createTestPipeline(db.database, { renderPool });
  const record = recordOf(billId);
  pipeline.receive('EMAIL', [record]);
  await record.whenDone;
  await pipeline.stop();
  return readNotification(db.database, billId);
}

describe('a bill whose items come late', () => {
  it('is FAILED with BILL_INCOMPLETE, and is sent by retry --reason BILL_INCOMPLETE', async () => {
    const { billId } = await insertNotification(db.database);
    await insertMember(db.database, undefined, 'hong@example.com');
    await insertBill(db.database, { billId });
    const incomplete = await carry(billId);
    assert.deepEqual([incomplete.sendStatus, incomplete.reason], ['FAILED', 'BILL_INCOMPLETE']);

    await insertItem(db.database, { id: 1, billId, category: 'SUBSCRIPTION', name: '5G', amount: '55000' });
    await ask(db.database, `update bill_notification set publish_status = 'PUBLISHED'`);
    const { moved } = await moveSelected(db.database, {
      selection: { reason: 'BILL_INCOMPLETE', sendStatus: 'FAILED' },
      move: retryAs(db.database, { actor: 'person test', first: 'EMAIL' }),
      dryRun: false,
    });
    assert.equal(moved, 1);
    const { sendStatus, cycle } = await carry(billId);
    assert.deepEqual([sendStatus, cycle], ['DELIVERED', 2]);
  });
});
