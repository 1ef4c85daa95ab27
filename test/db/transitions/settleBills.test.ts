import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claim, SendStatus, SettlingTransition } from '../../../src/bill.ts';
import { type Settlement, settle, settlementKeyOf } from '../../../src/db/transitions/settleBills.ts';
import { contentHashBytes } from '../../../src/render/proof/contentHasher.ts';
import { ask, askValue, inTransaction, untilWaiting } from '../../support/ask.ts';
import {
  billIdOf,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newBillId,
  newToken,
  readNotification,
  standingOf,
} from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

const allStates: readonly SendStatus[] = [
  'PENDING',
  'SENDING',
  'SENT',
  'IN_DOUBT',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
];

/** The state table: from where each transition wins, what the row becomes, and what the journal calls it. */
const table: Record<
  SettlingTransition,
  {
    from: readonly SendStatus[];
    to: SendStatus;
    channel: Claim['channel'];
    /** Undefined: it leaves nothing in the journal. */
    outcome: string | undefined;
  }
> = {
  accepted: { from: ['SENT', 'IN_DOUBT'], to: 'DELIVERED', channel: 'EMAIL', outcome: 'ACCEPTED' },
  refusedToNext: { from: ['SENT', 'IN_DOUBT'], to: 'PENDING', channel: 'EMAIL', outcome: 'REFUSED' },
  refusedForGood: { from: ['SENT', 'IN_DOUBT'], to: 'FAILED', channel: 'SMS', outcome: 'REFUSED' },
  notSent: { from: ['SENDING', 'SENT', 'IN_DOUBT'], to: 'PENDING', channel: 'EMAIL', outcome: 'NOT_SENT' },
  unknown: { from: ['SENT'], to: 'IN_DOUBT', channel: 'EMAIL', outcome: 'UNKNOWN' },
  never: { from: ['IN_DOUBT'], to: 'PENDING', channel: 'EMAIL', outcome: 'NEVER' },
  unaddressedToNext: { from: ['SENDING'], to: 'PENDING', channel: 'EMAIL', outcome: 'UNPREPARABLE' },
  refusedBeforeToNext: { from: ['SENDING'], to: 'PENDING', channel: 'EMAIL', outcome: 'NOT_ASKED' },
  refusedBeforeForGood: { from: ['SENDING'], to: 'FAILED', channel: 'SMS', outcome: 'NOT_ASKED' },
  exhausted: { from: ['SENDING', 'SENT', 'IN_DOUBT'], to: 'FAILED', channel: 'EMAIL', outcome: 'NOT_SENT' },
  quietHours: { from: ['SENDING'], to: 'PENDING', channel: 'SMS', outcome: 'QUIET' },
  braked: { from: ['SENT', 'IN_DOUBT'], to: 'PENDING', channel: 'EMAIL', outcome: 'NOT_SENT' },
  held: { from: ['SENDING', 'SENT'], to: 'PENDING', channel: 'EMAIL', outcome: undefined },
  unpreparable: { from: ['SENDING'], to: 'FAILED', channel: 'SMS', outcome: 'UNPREPARABLE' },
};
const transitions = Object.keys(table) as SettlingTransition[];

async function settleOne(
  transition: SettlingTransition,
  claim: Settlement['claim'],
  facts: Omit<Settlement, 'claim' | 'elapsedMs'> = {},
): Promise<boolean> {
  const settlements = [{ claim, elapsedMs: 1_234.5, next: 'SMS' as const, ...facts }];
  const tooLate = await settle(db.database, transition, { settlements, actor: 'dispatcher host:1' });
  return !tooLate.has(settlementKeyOf(claim));
}

/** Inserts a row, settles it under its own token, and returns what it became. */
async function settled(
  transition: SettlingTransition,
  spec: NotificationSpec,
  facts: Omit<Settlement, 'claim' | 'elapsedMs'> = {},
) {
  const claim = await insertNotification(db.database, spec);
  assert.equal(await settleOne(transition, claim, facts), true);
  return { claim, row: await readNotification(db.database, claim.billId) };
}

function triedMs(billId: string) {
  return askValue<number>(db.database, 'select tried_ms from bill_notification where bill_id = $1', [billId]);
}

describe('settle', () => {
  for (const transition of transitions) {
    const { from, to, channel, outcome } = table[transition];

    for (const sendStatus of allStates) {
      const wins = from.includes(sendStatus);
      it(`${transition} of ${sendStatus}: ${wins ? to : 'changes nothing, and is journalled'}`, async () => {
        const claim = await insertNotification(db.database, { sendStatus, channel });
        const before = await standingOf(db.database, claim.billId);
        assert.equal(await settleOne(transition, claim), wins);
        const after = await standingOf(db.database, claim.billId);
        if (wins) assert.equal(after.sendStatus, to);
        else assert.deepEqual(after, before);
        const journal = await journalOf(db.database, claim.billId);
        assert.deepEqual(
          journal.map((entry) => [entry.outcome, entry.applied, entry.token]),
          outcome === undefined ? [] : [[outcome, wins, claim.token]],
        );
      });
    }

    it(`${transition} under another's token changes nothing, and is journalled as not applied`, async () => {
      const sendStatus = from[0] ?? 'SENT';
      const claim = await insertNotification(db.database, { sendStatus, channel });
      const before = await standingOf(db.database, claim.billId);
      const stale = { ...claim, token: newToken() };
      assert.equal(await settleOne(transition, stale), false);
      assert.deepEqual(await standingOf(db.database, claim.billId), before);
      const [entry] = await journalOf(db.database, claim.billId);
      const expected = outcome === undefined ? [undefined, undefined] : [false, stale.token];
      assert.deepEqual([entry?.applied, entry?.token], expected);
    });
  }
});

describe('the journal', () => {
  it('names who carried an attempt, and nobody if it was not handed off or the row has moved on', async () => {
    const named: Record<string, unknown> = {};
    for (const [transition, sendStatus] of [
      ...([
        ['accepted', 'SENT'],
        ['refusedToNext', 'IN_DOUBT'],
        ['braked', 'SENT'],
      ] as const),
      ...([
        ['unknown', 'SENT'],
        ['unpreparable', 'SENDING'],
        ['notSent', 'SENT'],
      ] as const),
    ] as const) {
      const claim = await insertNotification(db.database, { sendStatus });
      await ask(db.database, `update bill_notification set provider = 'ses' where bill_id = $1`, [
        claim.billId,
      ]);
      await settleOne(transition, { ...claim, token: newToken() });
      await settleOne(transition, claim);
      const rows = await ask<[boolean, string | null]>(
        db.database,
        'select applied, provider from delivery_attempt where bill_id = $1 order by applied',
        [claim.billId],
      );
      named[transition] = rows.map(([, provider]) => provider);
    }
    assert.deepEqual(named, {
      accepted: [null, 'ses'],
      refusedToNext: [null, 'ses'],
      braked: [null, 'ses'],
      unknown: [null, 'ses'],
      unpreparable: [null, null],
      notSent: [null, null],
    });
  });
});

describe('what a settled row says', () => {
  it('held: the attempt does not count, and what it said before stays', async () => {
    const spec = { reason: 'HTTP_429', attempts: 2 };
    const fromSent = await settled('held', { ...spec, sendStatus: 'SENT' }, { delayMs: 1_000 });
    const fromSending = await settled('held', { ...spec, sendStatus: 'SENDING' }, { delayMs: 1_000 });
    assert.deepEqual([fromSent.row.attempts, fromSending.row.attempts], [1, 2]);
    for (const { row } of [fromSent, fromSending]) {
      assert.deepEqual([row.token, row.publishStatus, row.reason], [null, 'PENDING', 'HTTP_429']);
      assert.equal(row.backOffMs, 1_000);
    }
  });

  it('braked: the attempt does not count, nor does its waiting', async () => {
    const { claim, row } = await settled(
      'braked',
      { sendStatus: 'SENT', attempts: 3 },
      { delayMs: 60_000, reason: 'HTTP_401' },
    );
    assert.deepEqual([row.attempts, row.reason], [2, 'HTTP_401']);
    assert.equal(await triedMs(claim.billId), 1_234.5);
  });

  it('not sent: the attempt and its back-off are time in which sending was tried', async () => {
    const { claim } = await settled('notSent', { sendStatus: 'SENT' }, { delayMs: 60_000 });
    assert.equal(await triedMs(claim.billId), 61_234.5);
  });

  it('accepted: keeps the token, is in doubt no more, and owes nothing', async () => {
    const { claim, row } = await settled('accepted', {
      sendStatus: 'IN_DOUBT',
      reason: 'TIME_OUT',
      publishSeq: 3,
    });
    assert.equal(row.token, claim.token);
    assert.equal(row.inDoubtMsAgo, null);
    assert.equal(row.reason, null);
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PUBLISHED', 3]);
  });

  it('e-mail refused: turns to SMS, due at once, and owes its event by a new sequence number', async () => {
    const { row } = await settled(
      'refusedToNext',
      { sendStatus: 'SENT', attempts: 3, publishSeq: 4, cycle: 2 },
      { reason: 'EMAIL_REFUSED' },
    );
    assert.deepEqual([row.channel, row.cycle, row.attempts, row.token], ['SMS', 2, 0, null]);
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 5]);
    assert.deepEqual([row.reason, row.notBeforeInMs], ['EMAIL_REFUSED', null]);
  });

  it('e-mail refused while its first event is still owed: the SMS event is another one', async () => {
    const { row } = await settled('refusedToNext', {
      sendStatus: 'SENT',
      publishStatus: 'PENDING',
      publishSeq: 1,
    });
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 2]);
  });

  it('SMS refused: FAILED owes its dead letter and is retransmitted after the delay', async () => {
    const { row } = await settled(
      'refusedForGood',
      { sendStatus: 'SENT', channel: 'SMS', publishSeq: 2 },
      { reason: 'SMS_REFUSED', delayMs: 600_000 },
    );
    assert.deepEqual([row.sendStatus, row.channel, row.token], ['FAILED', 'SMS', null]);
    assert.deepEqual([row.publishStatus, row.publishSeq, row.reason], ['PENDING', 3, 'SMS_REFUSED']);
    assert.ok(near(row.retransmitInMs, 600_000), String(row.retransmitInMs));
  });

  it('SMS refused in the last cycle: FAILED stays, with no retransmission', async () => {
    const { row } = await settled('refusedForGood', { sendStatus: 'SENT', channel: 'SMS', cycle: 3 });
    assert.deepEqual([row.sendStatus, row.retransmitInMs], ['FAILED', null]);
  });

  it('unpreparable: FAILED owes its dead letter and has no retransmission', async () => {
    const { row } = await settled('unpreparable', { sendStatus: 'SENDING' }, { reason: 'CIPHER_FAILED' });
    assert.deepEqual(
      [row.sendStatus, row.reason, row.retransmitInMs, row.token, row.publishStatus, row.publishSeq],
      ['FAILED', 'CIPHER_FAILED', null, null, 'PENDING', 2],
    );
  });

  it('no e-mail address: turns to SMS before anything was handed off', async () => {
    const { row } = await settled('unaddressedToNext', { sendStatus: 'SENDING' }, { reason: 'NO_CONTACT' });
    assert.deepEqual(
      [row.sendStatus, row.channel, row.token, row.publishStatus, row.publishSeq],
      ['PENDING', 'SMS', null, 'PENDING', 2],
    );
  });

  it('not sent: PENDING in the same cycle and channel, after the back-off, with its attempts kept', async () => {
    const { row } = await settled(
      'notSent',
      { sendStatus: 'SENT', channel: 'SMS', attempts: 2, cycle: 2 },
      { reason: 'START_DEADLINE', delayMs: 8_000 },
    );
    assert.deepEqual([row.channel, row.cycle, row.attempts, row.token], ['SMS', 2, 2, null]);
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 2]);
    assert.ok(near(row.notBeforeInMs, 8_000), String(row.notBeforeInMs));
  });

  it('unknown: IN_DOUBT keeps the token, is dated, and may be looked up at once', async () => {
    const { claim, row } = await settled('unknown', { sendStatus: 'SENT' }, { reason: 'TIME_OUT' });
    assert.deepEqual([row.token, row.reason, row.notBeforeInMs], [claim.token, 'TIME_OUT', null]);
    assert.ok(near(row.inDoubtMsAgo, 0));
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PUBLISHED', 1]);
  });

  it('never: PENDING with the same idempotency key as before', async () => {
    const { claim, row } = await settled('never', { sendStatus: 'IN_DOUBT', channel: 'SMS', cycle: 2 });
    assert.deepEqual([row.channel, row.cycle, row.token], [claim.channel, claim.cycle, null]);
    assert.equal(row.inDoubtMsAgo, null);
    assert.deepEqual([row.publishStatus, row.publishSeq], ['PENDING', 2]);
  });

  it('dates every change', async () => {
    for (const transition of transitions) {
      const { from, channel } = table[transition];
      const sendStatus = from[0] ?? 'SENT';
      const { row } = await settled(transition, { sendStatus, channel, changedMsAgo: 3_600_000 });
      assert.ok(near(row.changedMsAgo, 0), transition);
    }
  });

  it('FAILED after a doubt whose next lookup was put off: the dead letter is due at once', async () => {
    const spec = { sendStatus: 'IN_DOUBT', channel: 'SMS', notBeforeInMs: 600_000 } as const;
    const { row } = await settled('refusedForGood', spec);
    assert.equal(row.notBeforeInMs, null);
  });
});

describe('a late answer', () => {
  it('settles IN_DOUBT under its own token, whatever it says', async () => {
    for (const transition of ['accepted', 'refusedToNext', 'notSent'] as const) {
      const { row } = await settled(transition, { sendStatus: 'IN_DOUBT' });
      assert.equal(row.sendStatus, table[transition].to);
      assert.equal(row.inDoubtMsAgo, null);
    }
  });

  it('"not sent" does not free the SENT of a later claim', async () => {
    const stale = { ...(await insertNotification(db.database, { sendStatus: 'SENT' })), token: newToken() };
    assert.equal(await settleOne('notSent', stale), false);
    assert.equal((await standingOf(db.database, stale.billId)).sendStatus, 'SENT');
  });

  it('"accepted" after the bill was freed is evidence beside the second attempt, never a state', async () => {
    const first = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    assert.equal(await settleOne('never', first), true);
    assert.equal(await settleOne('accepted', first), false);
    assert.equal((await standingOf(db.database, first.billId)).sendStatus, 'PENDING');
    const journal = await journalOf(db.database, first.billId);
    assert.deepEqual(journal.map(({ outcome, applied }) => `${outcome} ${applied}`).sort(), [
      'ACCEPTED false',
      'NEVER true',
    ]);
  });
});

describe('the journal', () => {
  it('says what, by whom, how long it took and with what answer', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT', cycle: 2 });
    await settleOne('accepted', claim, { providerId: 'p-1', reason: 'WHY' });
    const [entry] = await journalOf(db.database, claim.billId);
    assert.deepEqual(entry, {
      outcome: 'ACCEPTED',
      applied: true,
      cycle: 2,
      channel: 'EMAIL',
      reason: 'WHY',
      providerId: 'p-1',
      actor: 'dispatcher host:1',
      token: claim.token,
      tookMs: 1_234.5,
    });
  });

  it('is written once when the same settle is asked again, and still says that it was applied', async () => {
    for (const transition of transitions) {
      const { from, channel, outcome } = table[transition];
      const claim = await insertNotification(db.database, { sendStatus: from[0] ?? 'SENT', channel });
      assert.equal(await settleOne(transition, claim), true);
      const once = await standingOf(db.database, claim.billId);
      assert.equal(await settleOne(transition, claim), false, transition);
      assert.deepEqual(await standingOf(db.database, claim.billId), once, transition);
      const journal = await journalOf(db.database, claim.billId);
      assert.deepEqual(
        journal.map((entry) => [entry.outcome, entry.applied]),
        outcome === undefined ? [] : [[outcome, true]],
      );
    }
  });

  it('holds a bill without a row', async () => {
    const claim = { billId: newBillId(), channel: 'EMAIL', cycle: 1, token: newToken() } as const;
    assert.equal(await settleOne('accepted', claim), false);
    assert.equal((await journalOf(db.database, claim.billId))[0]?.applied, false);
  });
});

describe('a batch of settlements', () => {
  it('says which ones won, and takes the same bill under two tokens', async () => {
    const sent = await insertNotification(db.database, { sendStatus: 'SENT' });
    const freed = await insertNotification(db.database, { sendStatus: 'PENDING' });
    const stale = { ...sent, token: newToken() };
    const claims = [sent, freed, stale];
    const settlements = claims.map((claim) => ({ claim, elapsedMs: 1, next: 'SMS' as const }));
    const tooLate = await settle(db.database, 'accepted', { settlements, actor: 'a' });
    assert.deepEqual([...tooLate].sort(), [freed, stale].map(settlementKeyOf).sort());
    assert.deepEqual((await journalOf(db.database, sent.billId)).map(({ applied }) => applied).sort(), [
      false,
      true,
    ]);
  });

  it('that holds an answer of before, or one answer twice, settles the others all the same', async () => {
    const known = await insertNotification(db.database, { sendStatus: 'SENT' });
    await settleOne('accepted', known);
    const fresh = await insertNotification(db.database, { sendStatus: 'SENT' });
    const settlements = [known, fresh, fresh].map((claim) => ({ claim, elapsedMs: 1, next: 'SMS' as const }));
    const tooLate = await settle(db.database, 'accepted', { settlements, actor: 'a' });
    assert.deepEqual([...tooLate], [settlementKeyOf(known)]);
    assert.equal((await standingOf(db.database, fresh.billId)).sendStatus, 'DELIVERED');
    for (const { billId } of [known, fresh]) {
      assert.deepEqual(
        (await journalOf(db.database, billId)).map(({ applied }) => applied),
        [true],
      );
    }
  });

  it('takes ids beyond 2^53 and one delay, reason and provider id per bill', async () => {
    const ids = [billIdOf('9007199254740993'), billIdOf('9223372036854775807')] as const;
    const claims = [];
    for (const billId of ids) {
      claims.push(await insertNotification(db.database, { billId, sendStatus: 'SENT' }));
    }
    const settlements = claims.map((claim, index) => ({
      claim,
      elapsedMs: index,
      next: 'SMS' as const,
      delayMs: 10_000 * (index + 1),
      reason: `"${index}",{}'`,
      providerId: `p-${index}`,
    }));
    assert.equal((await settle(db.database, 'notSent', { settlements, actor: 'a' })).size, 0);
    const rows = await Promise.all(ids.map((billId) => readNotification(db.database, billId)));
    assert.deepEqual(
      rows.map(({ reason }) => reason),
      [`"0",{}'`, `"1",{}'`],
    );
    assert.ok(near(rows[0]?.notBeforeInMs, 10_000) && near(rows[1]?.notBeforeInMs, 20_000));
    assert.equal((await journalOf(db.database, ids[1]))[0]?.providerId, 'p-1');
  });

  it('keeps with an acceptance or a doubt what its message said, each with its own bill', async () => {
    const hashOf = (fill: number) => Buffer.alloc(contentHashBytes, fill);
    for (const transition of ['accepted', 'unknown'] as const) {
      const claims = await Promise.all(
        [1, 2, 3].map(() => insertNotification(db.database, { sendStatus: 'SENT' })),
      );
      const hashes = [hashOf(0xff), undefined, hashOf(0x27)];
      const settlements = claims.map((claim, index) => ({
        claim,
        elapsedMs: 1,
        contentHash: hashes[index]?.toString('latin1'),
      }));
      await settle(db.database, transition, { settlements: settlements.toReversed(), actor: 'test' });
      const kept = await Promise.all(
        claims.map(({ billId }) =>
          askValue(db.database, 'select content_hash from delivery_attempt where bill_id = $1', [billId]),
        ),
      );
      assert.deepEqual(kept, [hashOf(0xff), null, hashOf(0x27)]);
    }
  });

  it('may be empty', async () => {
    assert.equal((await settle(db.database, 'accepted', { settlements: [], actor: 'a' })).size, 0);
  });
});

describe('concurrent answers', () => {
  it('of one attempt: the first decides, the second is evidence', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT' });
    const second = await inTransaction(db.database, async (connection) => {
      await connection.run(
        `update bill_notification set send_status = 'IN_DOUBT', in_doubt_at = now() where bill_id = $1`,
        [claim.billId],
      );
      const answer = settleOne('unknown', claim);
      await untilWaiting(db.database);
      return { answer };
    });
    assert.equal(await second.answer, false);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'IN_DOUBT');
    assert.equal((await journalOf(db.database, claim.billId))[0]?.applied, false);
  });

  it('that waits for a row that turns to another claim meanwhile changes nothing', async () => {
    const claim = await insertNotification(db.database, { sendStatus: 'SENT' });
    const late = await inTransaction(db.database, async (connection) => {
      await connection.run('update bill_notification set claim_token = $2 where bill_id = $1', [
        claim.billId,
        newToken(),
      ]);
      const answer = settleOne('notSent', claim);
      await untilWaiting(db.database);
      return { answer };
    });
    assert.equal(await late.answer, false);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'SENT');
  });

  it('of many bills in opposite orders all come through', async () => {
    const claims = [];
    for (let bill = 0; bill < 200; bill++) {
      claims.push(await insertNotification(db.database, { sendStatus: 'SENT' }));
    }
    const settleAll = (order: readonly Settlement['claim'][]) =>
      settle(db.database, 'accepted', {
        settlements: order.map((claim) => ({ claim, elapsedMs: 1, next: 'SMS' as const })),
        actor: 'a',
      });
    const answers = await Promise.all([
      settleAll(claims),
      settleAll([...claims].reverse()),
      settleAll(claims),
    ]);
    assert.equal(
      answers.reduce((sum, tooLate) => sum + claims.length - tooLate.size, 0),
      claims.length,
    );
  });
});

function near(value: number | null | undefined, expected: number): boolean {
  return value !== null && value !== undefined && Math.abs(value - expected) < 5_000;
}
