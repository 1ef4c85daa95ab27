import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { countBillStates } from '../../../src/db/reads/stateCounts.ts';
import { keepPoison, markPoisonPublished, selectPoison } from '../../../src/db/transitions/poisonRecords.ts';
import { emptyTables, insertNotification, type NotificationSpec } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function insertAll(specs: readonly NotificationSpec[]): Promise<void> {
  for (const spec of specs) await insertNotification(db.database, spec);
}
function poison(offset: string) {
  return {
    topic: 't',
    partition: 0,
    offset,
    timestampMs: 1,
    reason: 'EVENT_EMPTY' as const,
    key: null,
    value: null,
  };
}

describe('bills by state', () => {
  it('are all 0 if there are no bills', async () => {
    assert.deepEqual(new Set(Object.values(await countBillStates(db.database, 'EMAIL'))), new Set([0]));
  });

  it('count each bill in its own state', async () => {
    await insertAll([
      { publishStatus: 'HELD' },
      { publishStatus: 'PENDING' },
      { publishStatus: 'PENDING', notBeforeInMs: 60_000 },
      { channel: 'SMS' },
      { sendStatus: 'SENDING' },
      { sendStatus: 'SENT', channel: 'SMS' },
      { sendStatus: 'SENT' },
      { sendStatus: 'IN_DOUBT', notBeforeInMs: 60_000 },
      { sendStatus: 'DELIVERED' },
      { sendStatus: 'DELIVERED', channel: 'SMS' },
      { sendStatus: 'FAILED', channel: 'SMS', publishStatus: 'PENDING', retransmitInMs: 1_000 },
      { sendStatus: 'FAILED', channel: 'SMS' },
      { sendStatus: 'CANCELLED' },
    ]);
    await keepPoison(db.database, [poison('1'), poison('2'), poison('3')]);
    await markPoisonPublished(db.database, await selectPoison(db.database, { limit: 2, bytes: 1_000 }));
    assert.deepEqual(await countBillStates(db.database, 'EMAIL'), {
      pending: 4,
      waiting: 1,
      held: 1,
      owed: 3,
      sending: 1,
      sent: 2,
      delivered: 2,
      failed: 2,
      inDoubt: 1,
      cancelled: 1,
      total: 13,
      deadLetters: 3,
      retransmissions: 1,
      sms: 3,
      earlyEvents: 0,
      confirmed: 0,
      bounced: 0,
    });
  });
});
