import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { countUnknownChannels } from '../../../src/db/reads/unknownChannels.ts';
import { selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function insertOn(channel: string, publishStatus: 'HELD' | 'PENDING') {
  const { billId } = await insertNotification(db.database, { publishStatus });
  await ask(db.database, 'update bill_notification set channel = $1 where bill_id = $2', [channel, billId]);
  return billId;
}

describe('a channel that this billcast does not know', () => {
  it('is counted, held or owed', async () => {
    await insertOn('FAX', 'HELD');
    await insertOn('FAX', 'PENDING');
    await insertOn('PAGER', 'HELD');
    await insertOn('SMS', 'PENDING');
    assert.deepEqual(await countUnknownChannels(db.database, standardLadder.order), [
      { channel: 'FAX', bills: 2 },
      { channel: 'PAGER', bills: 1 },
    ]);
  });

  it('is left alone by the relay, which continues with the others', async () => {
    await insertOn('FAX', 'PENDING');
    const known = await insertOn('SMS', 'PENDING');
    const owed = await selectOwedEvents(db.database, 10);
    assert.deepEqual(
      owed.map(({ billId }) => billId),
      [known],
    );
  });
});
