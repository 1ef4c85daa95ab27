import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findUnclaimableEvents } from '../../../src/db/reads/findUnclaimable.ts';
import {
  billIdOf,
  insertNotification,
  memberIdOf,
  newBillId,
  someMember,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('events that no row remembers', () => {
  it('are early if the bill is unknown, and unusable if they name another member', async () => {
    const known = await insertNotification(db.database);
    const unknown = newBillId();
    const found = await findUnclaimableEvents(db.database, [
      { billId: unknown, memberId: someMember },
      { billId: known.billId, memberId: memberIdOf(8) },
    ]);
    assert.deepEqual(
      found,
      new Map([
        [`${unknown}/${someMember}`, 'early'],
        [`${known.billId}/8`, 'memberMismatch'],
      ]),
    );
  });

  it("are not those of bills that are done, another's, or not due", async () => {
    const specs = [
      { sendStatus: 'DELIVERED' },
      { sendStatus: 'SENDING' },
      { notBeforeInMs: 60_000 },
      { channel: 'SMS' },
      { publishStatus: 'HELD', sendStatus: 'DELIVERED' },
    ] as const;
    const events = [];
    for (const spec of specs) events.push(await insertNotification(db.database, spec));
    assert.equal((await findUnclaimableEvents(db.database, events)).size, 0);
  });

  it('are early if the row is held: it came a moment ago, or is not due, or is on another channel', async () => {
    const specs = [{}, { notBeforeInMs: 60_000 }, { channel: 'SMS' }] as const;
    for (const spec of specs) {
      const event = await insertNotification(db.database, { publishStatus: 'HELD', ...spec });
      const found = await findUnclaimableEvents(db.database, [event]);
      assert.deepEqual([...found.values()], ['early']);
    }
  });

  it('are exact beyond 2^53', async () => {
    const { billId, memberId } = await insertNotification(db.database, {
      billId: billIdOf('9007199254740993'),
      memberId: memberIdOf('9007199254740993'),
    });
    const events = [
      { billId, memberId: memberIdOf('9007199254740992') },
      { billId: billIdOf('9007199254740992'), memberId },
    ];
    const found = await findUnclaimableEvents(db.database, events);
    assert.deepEqual([...found.values()].sort(), ['early', 'memberMismatch']);
  });
});
