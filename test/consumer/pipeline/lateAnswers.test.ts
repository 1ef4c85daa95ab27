import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { LateAnswers } from '../../../src/consumer/pipeline/lateAnswers.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { contentHashBytes } from '../../../src/render/proof/contentHasher.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification, journalOf, readNotification } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createFakeRenderPool, createTestPipeline, renderedFor } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

/** The hash of every message here. */
const contentHash = 'é'.repeat(contentHashBytes);

/** A bill whose provider first does not know the outcome, and later answers. */
async function startDoubt() {
  const { promise: later, resolve: answer } = Promise.withResolvers<SendAnswer>();
  const provider = createFakeProvider({ send: async () => ({ kind: 'unknown', reason: 'SLOW', later }) });
  const renderPool = createFakeRenderPool(async (channel, bills) =>
    bills.map(() => ({ ...renderedFor(channel), contentHash })),
  );
  const pipeline = await createTestPipeline(db.database, { provider, renderPool });
  const { billId } = await insertNotification(db.database);
  const record = recordOf(billId);
  pipeline.receive('EMAIL', [record]);
  await record.whenDone;
  assert.equal((await readNotification(db.database, billId)).sendStatus, 'IN_DOUBT');
  assert.equal(pipeline.inFlight('EMAIL'), 0, 'it takes no room while it waits');
  return {
    billId,
    /** Gives the late answer, for which a stop waits. @returns the row after it */
    async end(given: SendAnswer) {
      const stopped = pipeline.stop();
      answer(given);
      await stopped;
      return readNotification(db.database, billId);
    },
  };
}

describe('late answers', () => {
  it('are waited for no longer than they may be', async () => {
    const answers = new LateAnswers();
    await answers.settled(0);
    answers.await(new Promise(() => undefined));
    await answers.settled(1);
    assert.equal(answers.size, 1);
  });

  it('settle the bill that was in doubt, as they would have in time', async () => {
    const accepted = await startDoubt();
    assert.equal((await accepted.end({ kind: 'accepted', providerId: 'q-1' })).sendStatus, 'DELIVERED');
    const journal = await journalOf(db.database, accepted.billId);
    assert.deepEqual(journal.map(({ outcome, applied }) => [outcome, applied]).sort(), [
      ['ACCEPTED', true],
      ['UNKNOWN', true],
    ]);
    const hashes = await ask<[Buffer | null]>(
      db.database,
      `select content_hash from delivery_attempt where bill_id = ${accepted.billId}`,
    );
    assert.deepEqual(
      hashes.map(([hash]) => hash?.toString('latin1')),
      [contentHash, contentHash],
    );
    const refused = await (await startDoubt()).end({ kind: 'refused', reason: 'SMTP_550' });
    assert.deepEqual([refused.sendStatus, refused.channel], ['PENDING', 'SMS']);
    const notSent = await (await startDoubt()).end({ kind: 'notSent', reason: 'SMTP_451' });
    assert.deepEqual([notSent.sendStatus, notSent.channel, notSent.cycle], ['PENDING', 'EMAIL', 1]);
  });

  it('leave the bill in doubt if they say nothing new', async () => {
    const doubt = await startDoubt();
    assert.equal((await doubt.end({ kind: 'unknown', reason: 'CONNECTION_BROKEN' })).sendStatus, 'IN_DOUBT');
  });

  it('change nothing once somebody else has moved the bill', async () => {
    const doubt = await startDoubt();
    await ask(
      db.database,
      `update bill_notification set send_status = 'PENDING', claim_token = null, in_doubt_at = null,
              cycle = 2, publish_status = 'PENDING' where bill_id = ${doubt.billId}`,
    );
    const row = await doubt.end({ kind: 'refused', reason: 'SMTP_550' });
    assert.deepEqual([row.sendStatus, row.channel, row.cycle], ['PENDING', 'EMAIL', 2]);
    const journal = await journalOf(db.database, doubt.billId);
    assert.equal(journal.find(({ outcome }) => outcome === 'REFUSED')?.applied, false);
  });
});
