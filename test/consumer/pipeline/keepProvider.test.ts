import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask } from '../../support/ask.ts';
import { createOpenBrake } from '../../support/brakeRows.ts';
import type { NotificationSpec } from '../../support/notifications.ts';
import { insertNotification, journalOf, readNotification } from '../../support/notifications.ts';
import { type FakeRecord, recordOf } from '../../support/records.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

/** Nearly every bill goes to postmark, unless something binds it to ses. */
async function create() {
  const ses = createFakeProvider({ name: 'ses', concurrency: 10 });
  const postmark = createFakeProvider({ name: 'postmark', concurrency: 10 });
  const emailRoutes = [
    { provider: ses, brake: createOpenBrake('EMAIL/ses', 10), weight: 0.0001 },
    { provider: postmark, brake: createOpenBrake('EMAIL/postmark', 10), weight: 1 },
  ];
  const pipeline = await createTestPipeline(db.database, { emailRoutes });
  return { ses, postmark, pipeline };
}

/** A bill that was handed off to a provider in this cycle, and is to be sent again. */
async function insertRetried(provider: string, outcome: 'NEVER' | 'NOT_SENT', spec: NotificationSpec = {}) {
  const { billId } = await insertNotification(db.database, { attempts: 1, ...spec });
  await ask(db.database, 'update bill_notification set provider = $2 where bill_id = $1', [billId, provider]);
  await ask(
    db.database,
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
     values ($1, gen_random_uuid(), $2, 1, 'EMAIL', true, 'a', now(), now())`,
    [billId, outcome],
  );
  return billId;
}

async function sendAll(pipeline: Awaited<ReturnType<typeof create>>['pipeline'], records: FakeRecord[]) {
  pipeline.receive('EMAIL', records);
  await Promise.all(records.map(({ whenDone }) => whenDone));
  await pipeline.stop();
}

describe('a bill that was in doubt at one of several providers', () => {
  it('is sent by that provider only, and other bills by any', async () => {
    const { ses, postmark, pipeline } = await create();
    const bound = await insertRetried('ses', 'NEVER');
    const free = await insertRetried('ses', 'NOT_SENT');
    const laterCycle = await insertRetried('ses', 'NEVER', { cycle: 2 });
    // The lane of ses has the first turn. After this bill it is postmark's turn for a long time.
    const first = await insertNotification(db.database);
    const records = [first.billId, bound, free, laterCycle].map((billId) => recordOf(billId));
    pipeline.receive('EMAIL', records.slice(0, 1));
    await records[0]?.whenDone;
    await sendAll(pipeline, records.slice(1));
    const sentBy = ({ sent }: typeof ses) => sent.map(({ options }) => options.claim.billId);
    assert.deepEqual(sentBy(ses), [first.billId, bound]);
    assert.deepEqual(sentBy(postmark), [free, laterCycle]);
    for (const lane of pipeline.channels.EMAIL.lanes) assert.equal(lane.claimed.taken, 0);
  });

  it('ends its cycle if the channel does not have that provider any more', async () => {
    const { postmark, ses, pipeline } = await create();
    const gone = await insertRetried('gone', 'NEVER');
    await sendAll(pipeline, [recordOf(gone)]);
    const row = await readNotification(db.database, gone);
    assert.deepEqual([row.sendStatus, row.reason], ['FAILED', 'ATTEMPTS_EXHAUSTED']);
    assert.deepEqual([...postmark.sent, ...ses.sent], []);
    assert.equal((await journalOf(db.database, gone)).at(-1)?.outcome, 'NOT_SENT');
  });
});
