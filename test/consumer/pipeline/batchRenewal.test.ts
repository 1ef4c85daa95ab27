import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createBatchRenewal } from '../../../src/consumer/pipeline/batchRenewal.ts';
import { takeBackAbandoned } from '../../../src/db/transitions/claimBatches.ts';
import { createThrottledLog } from '../../../src/log/throttledLog.ts';
import { ask, askValue } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { emptyTables, insertDispatcher, insertNotification, newToken } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const limits = { claimTtlMs: 60_000, batchMaxAgeMs: 30_000, batches: 10 };

/** A batch that was claimed long ago by a living dispatcher. */
async function oldBatch() {
  const token = newToken();
  const owner = await insertDispatcher(db.database);
  const { billId } = await insertNotification(db.database, { sendStatus: 'SENDING', token });
  await ask(
    db.database,
    `insert into claim_batch (token, owner, bill_ids, claimed_at)
     values ($1, $2, array[$3::bigint], now() - interval '1 hour')`,
    [token, owner, billId],
  );
  return token;
}
async function isYoung(token: string): Promise<boolean> {
  return (
    (await askValue<boolean>(
      db.database,
      `select claimed_at > now() - interval '10 s' from claim_batch where token = '${token}'`,
    )) === true
  );
}

describe('a batch that is being rendered', () => {
  it('is not taken back, however old it is, but one that nobody works on is', async () => {
    const [rendered, forgotten] = [await oldBatch(), await oldBatch()];
    const throttledLog = createThrottledLog(captureLog().log);
    const renewal = createBatchRenewal({ database: db.database, throttledLog, everyMs: 20 });
    const { promise: work, resolve: finish } = Promise.withResolvers<string>();
    const during = renewal.during(rendered, work);
    while (!(await isYoung(rendered))) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await isYoung(forgotten), false);
    assert.equal(await takeBackAbandoned(db.database, limits), 1);
    const rows = await ask(
      db.database,
      `select claim_token from bill_notification where send_status = 'SENDING'`,
    );
    assert.deepEqual(rows, [[rendered]]);
    finish('done');
    assert.equal(await during, 'done');
  });

  it('is renewed until the last piece of work on it is over', async () => {
    const token = await oldBatch();
    const throttledLog = createThrottledLog(captureLog().log);
    const renewed: unknown[] = [];
    const query: typeof db.database.query = (statement, values) => {
      renewed.push(values?.[0]);
      return db.database.query(statement, values);
    };
    const renewal = createBatchRenewal({ database: { ...db.database, query }, throttledLog, everyMs: 10 });
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const works = [renewal.during(token, first.promise), renewal.during(token, second.promise)];
    first.resolve();
    await works[0];
    while (renewed.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    second.reject(new Error('no threads'));
    await assert.rejects(works[1] ?? Promise.resolve(), /no threads/);
    const count = renewed.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(renewed.length, count);
  });
});
