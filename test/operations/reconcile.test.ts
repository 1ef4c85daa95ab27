import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { readStandings } from '../../src/db/reads/selection.ts';
import { bounceAs } from '../../src/db/transitions/bounceBills.ts';
import { reconcile } from '../../src/operations/reconcile.ts';
import {
  billIdOf,
  emptyTables,
  insertNotification,
  type NotificationSpec,
  newToken,
} from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { insertBill } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();
beforeEach(() => emptyTables(db.database));

let files = 0;

/** A ledger with a line for each key. */
function ledgerOf(keys: readonly string[]): string {
  const file = join(folder, `ledger-${++files}.jsonl`);
  const lineOf = (key: string): string => {
    const [billId, channel, cycle] = key.split(':');
    return `{"key":"${key}","billId":${billId},"channel":"${channel}","cycle":${cycle},"at":"x"}\n`;
  };
  writeFileSync(file, keys.map(lineOf).join(''));
  return file;
}
function verdictOf(keys: readonly string[] | 'none', lag = 0, month?: string) {
  return reconcile(db.database, {
    lag: { events: lag },
    orphanAfterMs: 60_000,
    abandonedAfterMs: 20_000,
    ledgerFiles: keys === 'none' ? [] : [ledgerOf(keys)],
    month,
  });
}
async function insertDelivered(spec: NotificationSpec = {}): Promise<string> {
  const claim = await insertNotification(db.database, { sendStatus: 'DELIVERED', ...spec });
  return `${claim.billId}:${claim.channel}:${claim.cycle}`;
}

describe('the verdict', () => {
  it('accounts for every bill', async () => {
    const key = await insertDelivered();
    for (const sendStatus of ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'FAILED', 'CANCELLED'] as const) {
      await insertNotification(db.database, { sendStatus });
    }
    await insertNotification(db.database, { notBeforeInMs: 60_000 });
    assert.deepEqual(await verdictOf([key]), {
      bills: 8,
      delivered: 1,
      failed: 1,
      cancelled: 1,
      inDoubt: 1,
      waiting: 1,
      inProgress: 3,
      lost: 0,
      duplicated: 0,
      testMessages: 0,
    });
  });

  it('of nothing finds nothing', async () => {
    assert.deepEqual(await verdictOf([]), {
      bills: 0,
      delivered: 0,
      failed: 0,
      cancelled: 0,
      inDoubt: 0,
      waiting: 0,
      inProgress: 0,
      lost: 0,
      duplicated: 0,
      testMessages: 0,
    });
  });

  it('without a ledger does not know of doubles, and still finds what is stuck', async () => {
    await insertDelivered();
    await insertNotification(db.database, { sendStatus: 'SENT', changedMsAgo: 21_000 });
    const { lost, duplicated } = await verdictOf('none');
    assert.deepEqual([lost, duplicated], [1, null]);
  });

  it('is none if a ledger that was named does not exist', async () => {
    const ledgerFiles = [join(folder, 'missing')];
    const limits = { orphanAfterMs: 60_000, abandonedAfterMs: 20_000 };
    await assert.rejects(reconcile(db.database, { lag: { events: 0 }, ledgerFiles, ...limits }), {
      code: 'LEDGER_FAILED',
      message: /missing does not exist/,
    });
  });

  it('of a month leaves other months and what else the ledger holds alone', async () => {
    const now = await insertDelivered();
    const before = await insertDelivered();
    await insertBill(db.database, { billId: billIdOf(now.split(':')[0] ?? ''), month: '2026-11-01' });
    await insertBill(db.database, { billId: billIdOf(before.split(':')[0] ?? ''), month: '2026-10-01' });
    const ledger = [now, '999999:EMAIL:1', '999999:EMAIL:1'];
    assert.equal((await verdictOf(ledger)).lost, 1);
    const verdict = await verdictOf(ledger, 0, '2026-11-01');
    assert.deepEqual([verdict.bills, verdict.lost, verdict.duplicated], [1, 0, 0]);
    assert.equal((await verdictOf([...ledger, now], 0, '2026-11-01')).duplicated, 1);
    assert.equal((await verdictOf([], 0, '2026-10-01')).lost, 1);
    assert.deepEqual(await verdictOf(ledger, 0, '2026-09-01'), {
      bills: 0,
      delivered: 0,
      failed: 0,
      cancelled: 0,
      inDoubt: 0,
      waiting: 0,
      inProgress: 0,
      lost: 0,
      duplicated: 0,
      testMessages: 0,
    });
  });
});

describe('a lost bill', () => {
  it('is DELIVERED without an acceptance of just this attempt', async () => {
    const key = await insertDelivered({ channel: 'SMS', cycle: 2 });
    const [billId] = key.split(':');
    assert.equal((await verdictOf([])).lost, 1);
    assert.equal((await verdictOf([`${billId}:SMS:1`])).lost, 1);
    assert.equal((await verdictOf([`${billId}:EMAIL:2`])).lost, 1);
    assert.equal((await verdictOf([key])).lost, 0);
  });

  it('is not one that was delivered before billcast knew it', async () => {
    await insertDelivered({ token: null });
    assert.equal((await verdictOf([])).lost, 0);
  });

  it('is PENDING and published for too long, when the lag does not explain it', async () => {
    await insertNotification(db.database, { changedMsAgo: 61_000, publishedMsAgo: 61_000 });
    assert.equal((await verdictOf([], 0)).lost, 1);
    assert.equal((await verdictOf([], 1)).lost, 0);
  });

  it('is SENDING or SENT of nobody for too long', async () => {
    for (const sendStatus of ['SENDING', 'SENT'] as const) {
      await insertNotification(db.database, { sendStatus, changedMsAgo: 21_000 });
    }
    assert.equal((await verdictOf([], 1)).lost, 2);
  });
});

describe('a duplicated bill', () => {
  it('has two acceptances in one cycle, by one channel or by both', async () => {
    assert.equal((await verdictOf(['1:EMAIL:1', '1:EMAIL:1'])).duplicated, 1);
    assert.equal((await verdictOf(['1:EMAIL:1', '1:SMS:1'])).duplicated, 1);
    assert.equal((await verdictOf(['1:EMAIL:1', '1:SMS:1', '1:EMAIL:1', '2:SMS:1'])).duplicated, 1);
  });

  const bounced = async (): Promise<string> => {
    const claim = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const evidence = new Map([[claim.billId, [{}]]]);
    const move = bounceAs(db.database, { evidence, accepted: new Set(), ladder: standardLadder, actor: 'a' });
    const standings = await readStandings(db.database, [claim.billId]);
    assert.equal((await move.make(standings, newToken())).size, 1);
    return claim.billId;
  };

  it('is not one whose e-mail bounced on record before the SMS', async () => {
    const billId = await bounced();
    assert.equal((await verdictOf([`${billId}:EMAIL:1`, `${billId}:SMS:1`])).duplicated, 0);
  });

  it('is one whose bounce is of another cycle, or that the bounce does not excuse', async () => {
    const billId = await bounced();
    for (const keys of [
      [`${billId}:EMAIL:2`, `${billId}:SMS:2`],
      [`${billId}:EMAIL:1`, `${billId}:SMS:1`, `${billId}:SMS:1`],
      [`${billId}:EMAIL:1`, `${billId}:EMAIL:1`],
    ]) {
      assert.equal((await verdictOf(keys)).duplicated, 1, keys.join(' '));
    }
  });

  it('is not one that was accepted in two cycles, or beside another', async () => {
    assert.equal((await verdictOf(['1:EMAIL:1', '1:EMAIL:2', '11:EMAIL:1', '12:EMAIL:1'])).duplicated, 0);
  });
});
