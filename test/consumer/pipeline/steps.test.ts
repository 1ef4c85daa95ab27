import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import type { Channel } from '../../../src/channels.ts';
import { readStandings } from '../../../src/db/reads/selection.ts';
import { countUnknownChannels } from '../../../src/db/reads/unknownChannels.ts';
import { selectOwedEvents } from '../../../src/db/transitions/outbox.ts';
import { turnBackAs } from '../../../src/db/transitions/turnBack.ts';
import type { Ladder } from '../../../src/ladder.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { ask, askValue } from '../../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  newToken,
  standingOf,
} from '../../support/notifications.ts';
import { allDone, recordOf } from '../../support/records.ts';
import { releaseBills } from '../../support/releaseInTest.ts';
import { ladderOf, standardLadder } from '../../support/standardLadder.ts';
import { createFakeRenderPool, createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const three = ladderOf('EMAIL', 'ALIMTALK', 'SMS');
const refused: SendAnswer = { kind: 'refused', reason: 'HTTP_422' };

/** Sends the bill by its channel, under this list. */
async function sendBy(channel: Channel, billId: BillId, { ladder, answer }: Sent): Promise<void> {
  const provider = createFakeProvider({ send: async () => answer });
  const pipeline = await createTestPipeline(db.database, { provider, ladder });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await allDone([record]);
  await pipeline.stop();
}

interface Sent {
  readonly ladder: Ladder;
  readonly answer: SendAnswer;
}

function placeOf(billId: BillId) {
  const place = `select json_build_array(channel, step, passed, send_status) from bill_notification where bill_id = $1`;
  return askValue<[Channel, number, Channel[] | null, string]>(db.database, place, [billId]);
}

describe('the steps of a bill', () => {
  it('lead through all channels, one after the other', async () => {
    const { billId } = await insertNotification(db.database);
    await sendBy('EMAIL', billId, { ladder: three, answer: refused });
    assert.deepEqual(await placeOf(billId), ['ALIMTALK', 1, ['EMAIL'], 'PENDING']);
    await sendBy('ALIMTALK', billId, { ladder: three, answer: refused });
    assert.deepEqual(await placeOf(billId), ['SMS', 2, ['EMAIL', 'ALIMTALK'], 'PENDING']);
    await sendBy('SMS', billId, { ladder: three, answer: { kind: 'accepted' } });
    assert.deepEqual(await placeOf(billId), ['SMS', 2, ['EMAIL', 'ALIMTALK'], 'DELIVERED']);
    assert.deepEqual(
      (await journalOf(db.database, billId)).map(({ channel, outcome }) => `${channel} ${outcome}`),
      ['EMAIL REFUSED', 'ALIMTALK REFUSED', 'SMS ACCEPTED'],
    );
  });

  it('end at a failure that does not escalate, with a dead letter', async () => {
    const rules = { ...three.rules, EMAIL: { ...three.rules.EMAIL, escalates: [] } };
    const { billId } = await insertNotification(db.database);
    await sendBy('EMAIL', billId, { ladder: { ...three, rules }, answer: refused });
    assert.deepEqual(await placeOf(billId), ['EMAIL', 0, null, 'FAILED']);
    assert.equal((await standingOf(db.database, billId)).publishStatus, 'PENDING');
  });

  it('do not go back if the order is changed in the middle of a cycle', async () => {
    const { billId } = await insertNotification(db.database);
    await sendBy('EMAIL', billId, { ladder: standardLadder, answer: refused });
    await sendBy('SMS', billId, { ladder: ladderOf('SMS', 'EMAIL'), answer: refused });
    assert.deepEqual(await placeOf(billId), ['SMS', 1, ['EMAIL'], 'FAILED']);
  });
});

describe('a text that is too long for an SMS', () => {
  it('is an LMS in the journal, since that costs more', async () => {
    const { billId } = await insertNotification(db.database, { channel: 'SMS' });
    const lms = { kind: 'text', to: '01012345678', text: 't', bytes: 91, isLms: true } as const;
    const renderPool = createFakeRenderPool(async (_channel, bills) => bills.map(() => lms));
    const pipeline = await createTestPipeline(db.database, { renderPool });
    const record = recordOf(billId);
    pipeline.receive('SMS', [record]);
    await allDone([record]);
    await pipeline.stop();
    const [entry] = await journalOf(db.database, billId);
    assert.deepEqual([entry?.outcome, entry?.reason], ['ACCEPTED', 'LMS']);
    assert.equal((await standingOf(db.database, billId)).reason, null);
  });
});

describe('a bill on a channel that is taken out of the list', () => {
  it('waits, is counted, and goes by the first channel if a person says so', async () => {
    const spec = { channel: 'ALIMTALK', publishStatus: 'PENDING', passed: ['EMAIL'] } as const;
    const { billId } = await insertNotification(db.database, spec);
    const { order } = standardLadder;
    assert.deepEqual(await selectOwedEvents(db.database, 10, { channels: order }), []);
    assert.deepEqual(await countUnknownChannels(db.database, order), [{ channel: 'ALIMTALK', bills: 1 }]);
    const seen = await readStandings(db.database, [billId]);
    await turnBackAs(db.database, { actor: 'a', first: 'EMAIL' }).make(seen, newToken());
    assert.deepEqual(await placeOf(billId), ['EMAIL', 0, null, 'PENDING']);
    assert.equal((await standingOf(db.database, billId)).cycle, 2);
  });

  it('still has its dead letter published', async () => {
    const spec = { channel: 'ALIMTALK', sendStatus: 'FAILED', publishStatus: 'PENDING' } as const;
    const { billId } = await insertNotification(db.database, spec);
    const owed = await selectOwedEvents(db.database, 10, { channels: standardLadder.order });
    assert.deepEqual(
      owed.map((event) => event.billId),
      [billId],
    );
  });

  it('begins with the first channel if it was held, unless the list names its own', async () => {
    const held = { publishStatus: 'HELD' } as const;
    const [{ billId: gone }, { billId: named }] = [
      await insertNotification(db.database, { ...held, channel: 'EMAIL' }),
      await insertNotification(db.database, { ...held, channel: 'SMS' }),
    ];
    await releaseBills(db.database, { limit: 10, order: ['ALIMTALK', 'SMS'] });
    const rows = await ask<[BillId, Channel]>(db.database, 'select bill_id, channel from bill_notification');
    assert.deepEqual(Object.fromEntries(rows), { [gone]: 'ALIMTALK', [named]: 'SMS' });
  });
});
