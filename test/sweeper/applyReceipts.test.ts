import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import { releaseBrakes, selectBrakes } from '../../src/db/brake.ts';
import { writeOutcomes } from '../../src/db/channelOutcomes.ts';
import { newClaimToken } from '../../src/db/claimTokens.ts';
import { storeReceipts } from '../../src/db/storeReceipts.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import { noOutcomes } from '../../src/policy/brake/outcome.ts';
import type { ReceiptKind } from '../../src/providers/inbound/receipt.ts';
import { applyReceipts } from '../../src/sweeper/applyReceipts.ts';
import { ask, askValue } from '../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newDispatcherId,
  standingOf,
} from '../support/notifications.ts';
import { insertBill } from '../support/testBills.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

interface Said {
  readonly channel?: Channel;
  readonly cycle?: number;
  readonly providerId?: string;
}

async function say(
  billId: BillId,
  kind: ReceiptKind,
  { channel = 'EMAIL', cycle = 1, providerId }: Said = {},
) {
  const receipts = [{ attempt: { billId, channel, cycle }, kind, providerId, code: '550 5.1.1' }];
  await storeReceipts(db.database, receipts, { provider: 'http', cameBy: 'webhook' });
}

const unlimited = { forMs: 60_000 };
function apply() {
  return applyReceipts(sweepDepsOf(db.database), unlimited);
}
const nothing = { receiptAccepted: 0, receiptTurned: 0, receiptFailed: 0, receiptKept: 0, receiptMatched: 0 };

function verdicts() {
  return ask<[string | null]>(
    db.database,
    'select verdict from bill_receipt order by bill_id, received_at',
  ).then((rows) => rows.map(([verdict]) => verdict));
}

/** Its receipts are due again. */
function lookAgain() {
  return ask(db.database, 'update bill_receipt set look_at = now()');
}

describe('a receipt of a bill in doubt', () => {
  it('settles it as accepted if it is positive', async () => {
    const { billId, token } = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    await say(billId, 'delivered', { providerId: 'id-1' });
    assert.deepEqual(await apply(), { ...nothing, receiptAccepted: 1 });
    const { sendStatus, token: kept } = await standingOf(db.database, billId);
    assert.deepEqual([sendStatus, kept], ['DELIVERED', token]);
    const [entry] = await journalOf(db.database, billId);
    assert.deepEqual(
      [entry?.outcome, entry?.applied, entry?.providerId, entry?.reason, entry?.actor],
      ['ACCEPTED', true, 'id-1', 'RECEIPT delivered 550 5.1.1 by http', 'sweeper host:1'],
    );
    assert.deepEqual(await verdicts(), ['accepted']);
  });

  it('takes it to the next channel if it is negative, or fails it on the last one', async () => {
    const email = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const sms = await insertNotification(db.database, { sendStatus: 'IN_DOUBT', channel: 'SMS' });
    await say(email.billId, 'bounced_hard');
    await say(sms.billId, 'bounced_soft', { channel: 'SMS' });
    assert.deepEqual(await apply(), { ...nothing, receiptTurned: 1, receiptFailed: 1 });
    const turned = await standingOf(db.database, email.billId);
    assert.deepEqual([turned.sendStatus, turned.channel, turned.reason], ['PENDING', 'SMS', 'EMAIL_BOUNCED']);
    const failed = await standingOf(db.database, sms.billId);
    assert.deepEqual(
      [failed.sendStatus, failed.publishStatus, failed.reason],
      ['FAILED', 'PENDING', 'SMS_REFUSED'],
    );
    assert.equal((await journalOf(db.database, email.billId))[0]?.outcome, 'BOUNCED');
  });

  it('that the answer settles meanwhile journals the late answer, and nothing else', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    await say(claim.billId, 'delivered');
    await apply();
    const settlements = [{ claim, elapsedMs: 1, providerId: 'late' }];
    const tooLate = await settle(db.database, 'accepted', { settlements, actor: 'dispatcher host:1' });
    assert.equal(tooLate.size, 1);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'DELIVERED');
    assert.equal((await journalOf(db.database, claim.billId)).length, 1);
  });
});

describe('a receipt of a delivered bill', () => {
  it('takes it to the next channel if it came back in time, once however often it comes', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    for (let times = 0; times < 3; times++) await say(billId, 'bounced_hard');
    assert.deepEqual(await apply(), { ...nothing, receiptTurned: 1 });
    const turned = await standingOf(db.database, billId);
    assert.deepEqual([turned.sendStatus, turned.channel, turned.cycle], ['PENDING', 'SMS', 1]);
    await say(billId, 'bounced_hard');
    await say(billId, 'bounced_soft');
    assert.deepEqual(await apply(), { ...nothing, receiptKept: 1 });
    assert.deepEqual(await verdicts(), ['turned', 'superseded']);
  });

  it('changes nothing if it is positive, too late, of another cycle or channel, or on the last channel', async () => {
    const days = 86_400_000;
    const cases: [NotificationSpec, ReceiptKind, Said, string][] = [
      [{}, 'delivered', {}, 'confirmed'],
      [{}, 'complained', {}, 'confirmed'],
      [{ handedOffMsAgo: 4 * days }, 'bounced_hard', {}, 'late'],
      [{ cycle: 2 }, 'bounced_hard', {}, 'superseded'],
      [{}, 'bounced_hard', { channel: 'SMS' }, 'superseded'],
      [{ channel: 'SMS' }, 'bounced_hard', { channel: 'SMS' }, 'bounced'],
      [{ token: null }, 'bounced_hard', {}, 'superseded'],
    ];
    for (const [spec, kind, said, verdict] of cases) {
      const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED', ...spec });
      const before = await standingOf(db.database, billId);
      await say(billId, kind, said);
      assert.deepEqual(await apply(), { ...nothing, receiptKept: 1 });
      assert.deepEqual(await standingOf(db.database, billId), before);
      assert.deepEqual(await verdicts(), [verdict], JSON.stringify([spec, kind, said]));
      await emptyTables(db.database);
    }
  });
});

describe('a wave of receipts', () => {
  const bills = 120;
  async function turned(): Promise<number> {
    return (await apply()).receiptTurned;
  }

  it('turns as many bills as are ordinary, puts the brake on, and leaves the rest until a person has looked', async () => {
    const counts = { ...noOutcomes, accepted: 150 };
    const routes = ['EMAIL', 'EMAIL/http'] as const;
    const written = routes.map((route) => ({ route, bucket: 0, counts }));
    await writeOutcomes(db.database, newDispatcherId(), written);
    // Some of it is forgotten, and stays in the hours of the channel.
    await ask(
      db.database,
      `update channel_outcome set at = now() - interval '3 minutes' where channel = 'EMAIL'`,
    );
    await writeOutcomes(db.database, newDispatcherId(), []);
    for (let bill = 0; bill < bills; bill++) {
      const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
      await say(billId, 'bounced_hard');
    }
    // A fifth of 300, and three standard deviations.
    assert.equal(await turned(), 80);
    const [brake] = await selectBrakes(db.database);
    assert.deepEqual(
      [brake?.brake, brake?.kind, brake?.reason],
      ['EMAIL', 'smsTurns', '120 of 300 accepted messages came back, and their bills would go on'],
    );
    await lookAgain();
    assert.equal(await turned(), 0);
    await releaseBrakes(db.database, ['EMAIL'], { by: 'person alice' });
    await lookAgain();
    assert.equal(await turned(), 40);
    assert.deepEqual(await selectBrakes(db.database), []);
    assert.equal(await askValue(db.database, 'select sum(came_back)::int from channel_hour'), 40);
  });
});

describe('a receipt', () => {
  it('that comes before the answer waits for it', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT' });
    await say(claim.billId, 'bounced_hard');
    assert.deepEqual(await apply(), nothing);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'SENT');
    await settle(db.database, 'accepted', {
      settlements: [{ claim, elapsedMs: 1 }],
      actor: 'dispatcher host:1',
    });
    await lookAgain();
    assert.deepEqual(await apply(), { ...nothing, receiptTurned: 1 });
  });

  it('of a bill that is not there, or of a closed month, is kept', async () => {
    const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    await insertBill(db.database, { billId });
    await ask(
      db.database,
      `insert into closed_month (billing_month, state, closed_by) values ('2026-11-01', 'closing', 'test')`,
    );
    await say(billId, 'bounced_hard');
    await say('99' as BillId, 'delivered');
    assert.deepEqual(await apply(), { ...nothing, receiptKept: 2 });
    assert.deepEqual((await verdicts()).sort(), ['monthClosed', 'unknownBill']);
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
  });

  it('of a key that was sent again after "never" moves nothing, unless it names the acceptance', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const { billId, token } = claim;
    await ask(
      db.database,
      `insert into delivery_attempt
         (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at, provider_id)
       values ($1, gen_random_uuid(), 'NEVER', 1, 'EMAIL', true, 'test', now(), now(), null),
              ($1, $2, 'ACCEPTED', 1, 'EMAIL', false, 'test', now(), now(), 'id-2')`,
      [billId, token],
    );
    await say(billId, 'bounced_hard', { providerId: 'id-1' });
    assert.deepEqual(await apply(), { ...nothing, receiptKept: 1 });
    assert.deepEqual(await verdicts(), ['unclear']);
    await say(billId, 'bounced_soft', { providerId: 'id-2' });
    assert.deepEqual(await apply(), { ...nothing, receiptTurned: 1 });
  });

  it("with only the provider's id finds its attempt in the journal, also if that is written later", async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'DELIVERED', token: newClaimToken() });
    const receipts = [{ kind: 'bounced_hard', providerId: 'id-9' }] as const;
    await storeReceipts(db.database, receipts, { provider: 'twilio', cameBy: 'webhook' });
    assert.deepEqual(await apply(), nothing);
    await ask(
      db.database,
      `insert into delivery_attempt
         (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at, provider_id)
       values ($1, $2, 'ACCEPTED', 1, 'EMAIL', true, 'test', now(), now(), 'id-9')`,
      [claim.billId, claim.token],
    );
    await ask(db.database, 'update unmatched_receipt set look_at = now()');
    assert.deepEqual(await apply(), { ...nothing, receiptMatched: 1, receiptTurned: 1 });
    assert.deepEqual(await ask(db.database, 'select count(*)::int from unmatched_receipt'), [[0]]);
  });

  it('with an id that several messages have moves none of them', async () => {
    const delivered = () =>
      insertNotification(db.database, { sendStatus: 'DELIVERED', token: newClaimToken() });
    const claims = [await delivered(), await delivered()];
    await ask(
      db.database,
      `insert into delivery_attempt
         (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at, provider_id)
       select bill_id, claim_token, 'ACCEPTED', 1, 'EMAIL', true, 'test', now(), now(), '17'
       from bill_notification`,
    );
    const receipts = [{ kind: 'bounced_hard', providerId: '17' }] as const;
    await storeReceipts(db.database, receipts, { provider: 'http', cameBy: 'webhook' });
    assert.deepEqual(await apply(), nothing);
    for (const { billId } of claims) {
      assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
    }
  });

  it('of a message of another system is deleted after a month', async () => {
    const receipts = [{ kind: 'delivered', providerId: 'theirs' }] as const;
    await storeReceipts(db.database, receipts, { provider: 'twilio', cameBy: 'webhook' });
    const rowsAfter = async (days: number) => {
      await ask(
        db.database,
        `update unmatched_receipt set look_at = now(), received_at = now() - $1 * interval '1 day'`,
        [days],
      );
      assert.deepEqual(await apply(), nothing);
      return askValue(db.database, 'select count(*)::int from unmatched_receipt');
    };
    assert.equal(await rowsAfter(30), 1);
    assert.equal(await rowsAfter(32), 0);
  });
});
