import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { BillId } from '../../src/bill.ts';
import { perChannel } from '../../src/channels.ts';
import { listDueDoubts } from '../../src/db/reads/inDoubt.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import type { LookupAnswer } from '../../src/providers/provider.ts';
import type { Providers } from '../../src/providers/providerKind.ts';
import { resolveDoubts } from '../../src/sweeper/resolveDoubts.ts';
import { only } from '../support/arrange.ts';
import { ask } from '../support/ask.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  type NotificationSpec,
  newToken,
  readNotification,
  standingOf,
} from '../support/notifications.ts';
import { askedAt, createFakeProvider, onlyProviders } from '../support/testProviders.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

function insertDoubt(handedOffMsAgo: number, spec: NotificationSpec = {}) {
  return insertNotification(db.database, { sendStatus: 'IN_DOUBT', handedOffMsAgo, ...spec });
}
function resolve(lookup: (key: string) => Promise<LookupAnswer>) {
  return resolveDoubts(sweepDepsOf(db.database, { lookup }), unlimited);
}
function answering(answer: LookupAnswer) {
  return () => Promise.resolve(answer);
}
const unlimited = { forMs: 600_000 };
const none = { foundAccepted: 0, foundNever: 0, stillInDoubt: 0 };

async function waitOf(billId: BillId): Promise<number> {
  return (await readNotification(db.database, billId)).notBeforeInMs ?? 0;
}

describe('a bill in doubt', () => {
  it('that the provider accepted is DELIVERED, before the horizon as past it', async () => {
    for (const handedOffMsAgo of [1_000, 61_000]) {
      const { billId } = await insertDoubt(handedOffMsAgo);
      assert.deepEqual(await resolve(answering('accepted')), { ...none, foundAccepted: 1 });
      assert.equal((await standingOf(db.database, billId)).sendStatus, 'DELIVERED');
      const entry = only(await journalOf(db.database, billId));
      assert.deepEqual(
        [entry.outcome, entry.applied, entry.reason, entry.actor],
        ['ACCEPTED', true, 'LOOKUP', 'sweeper host:1'],
      );
      assert.ok(Math.abs(entry.tookMs - handedOffMsAgo) < 5_000, 'counts from the hand-off');
    }
  });

  it('that was never accepted past the horizon goes again by the same key', async () => {
    const claim = await insertDoubt(61_000, { channel: 'SMS', cycle: 2, attempts: 1 });
    assert.deepEqual(await resolve(answering('never')), { ...none, foundNever: 1 });
    const row = await standingOf(db.database, claim.billId);
    assert.deepEqual(
      [row.sendStatus, row.channel, row.cycle, row.publishStatus, row.token],
      ['PENDING', 'SMS', 2, 'PENDING', null],
    );
  });

  it('that was not seen before the horizon stays in doubt, and is asked again when it is past', async () => {
    const { billId } = await insertDoubt(57_000);
    assert.deepEqual(await resolve(answering('never')), { ...none, stillInDoubt: 1 });
    assert.equal((await standingOf(db.database, billId)).sendStatus, 'IN_DOUBT');
    const waitMs = await waitOf(billId);
    assert.ok(waitMs > 0 && waitMs <= 3_001, String(waitMs));
    assert.deepEqual(await resolve(answering('never')), none, 'not asked before its time');
  });

  it('is asked about less and less often if the provider cannot say', async () => {
    const young = await insertDoubt(61_000);
    const old = await insertDoubt(86_400_000);
    assert.deepEqual(await resolve(answering('cannotTell')), { ...none, stillInDoubt: 2 });
    const [youngMs, oldMs] = [await waitOf(young.billId), await waitOf(old.billId)];
    assert.ok(youngMs > 10_000 && youngMs < 16_000, String(youngMs));
    assert.ok(oldMs > 595_000 && oldMs <= 600_000, String(oldMs));
  });

  it('is asked about by its key, of the provider of its channel', async () => {
    const email = await insertDoubt(1, { cycle: 2 });
    const sms = await insertDoubt(1, { channel: 'SMS' });
    const providers = perChannel(() => createFakeProvider());
    await resolveDoubts(sweepDepsOf(db.database, { providers: onlyProviders(providers) }), unlimited);
    assert.deepEqual(providers.EMAIL.lookedUp, [`${email.billId}:EMAIL:2`]);
    assert.deepEqual(providers.SMS.lookedUp, [`${sms.billId}:SMS:1`]);
  });

  it('is asked about only where it was handed off', async () => {
    const { billId } = await insertDoubt(61_000);
    const [ses, postmark] = [createFakeProvider(), createFakeProvider({ lookup: answering('never') })];
    const providers: Providers = {
      ...onlyProviders(perChannel(() => createFakeProvider())),
      EMAIL: [
        { name: 'ses', route: 'EMAIL/ses', weight: 1, provider: ses },
        { name: 'postmark', route: 'EMAIL/postmark', weight: 1, provider: postmark },
      ],
    };
    const routesToAsk = async () => ({ freely: ['EMAIL/ses', 'EMAIL/postmark'], trying: [] }) as const;
    const round = () => resolveDoubts(sweepDepsOf(db.database, { providers, routesToAsk }), unlimited);
    assert.deepEqual(await round(), none, 'nobody knows whose it is');
    await ask(db.database, `update bill_notification set provider = 'gone'`);
    assert.deepEqual(await round(), none, 'whose it is is not here any more');
    await ask(db.database, `update bill_notification set provider = 'ses'`);
    assert.deepEqual(await round(), { ...none, stillInDoubt: 1 });
    assert.deepEqual([ses.lookedUp, postmark.lookedUp], [[`${billId}:EMAIL:1`], []]);
  });

  it('each gets its own verdict', async () => {
    const accepted = await insertDoubt(61_000);
    const never = await insertDoubt(61_000);
    const silent = await insertDoubt(61_000);
    const verdicts = new Map<string, LookupAnswer>([
      [`${accepted.billId}:EMAIL:1`, 'accepted'],
      [`${never.billId}:EMAIL:1`, 'never'],
    ]);
    assert.deepEqual(await resolve(async (key) => verdicts.get(key) ?? 'cannotTell'), {
      foundAccepted: 1,
      foundNever: 1,
      stillInDoubt: 1,
    });
    assert.equal((await standingOf(db.database, silent.billId)).sendStatus, 'IN_DOUBT');
  });
});

describe('a bill that moves between the question and the verdict', () => {
  it('by its late acceptance is DELIVERED, and "never" changes nothing', async () => {
    const claim = await insertDoubt(61_000);
    const found = await resolve(async () => {
      const settlements = [{ claim, elapsedMs: 1 }];
      await settle(db.database, 'accepted', { settlements, actor: 'dispatcher' });
      return 'never';
    });
    assert.deepEqual(found, none);
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'DELIVERED');
    const verdict = (await journalOf(db.database, claim.billId)).find(({ outcome }) => outcome === 'NEVER');
    assert.equal(verdict?.applied, false);
  });

  it("to a new attempt in doubt is not judged by the old one's answer", async () => {
    for (const answer of ['accepted', 'never'] as const) {
      const claim = await insertDoubt(61_000);
      const token = newToken();
      const found = await resolve(async () => {
        await ask(
          db.database,
          `update bill_notification set claim_token = $2, handed_off_at = now() where bill_id = $1`,
          [claim.billId, token],
        );
        return answer;
      });
      assert.deepEqual(found, none);
      const row = await standingOf(db.database, claim.billId);
      assert.deepEqual([row.sendStatus, row.token], ['IN_DOUBT', token]);
      await emptyTables(db.database);
    }
  });

  it('that passes the horizon during the look-up is not past it: its age was read before', async () => {
    const claim = await insertDoubt(50_000);
    const found = await resolve(async () => {
      await ask(
        db.database,
        `update bill_notification set handed_off_at = now() - interval '1 hour' where bill_id = $1`,
        [claim.billId],
      );
      return 'never';
    });
    assert.deepEqual(found, { ...none, stillInDoubt: 1 });
    assert.equal((await standingOf(db.database, claim.billId)).sendStatus, 'IN_DOUBT');
  });
});

describe('many doubts', () => {
  it('are asked about in more than one call', async () => {
    await ask(
      db.database,
      `insert into bill_notification
         (bill_id, member_id, send_status, publish_status, claim_token, handed_off_at, in_doubt_at)
       select id, 7, 'IN_DOUBT', 'PUBLISHED', gen_random_uuid(), now(), now()
       from generate_series(1, 2500) id`,
    );
    assert.deepEqual(await resolve(answering('accepted')), { ...none, foundAccepted: 2_500 });
  });

  it('are asked about as many at a time as the provider wants', async () => {
    for (let bill = 0; bill < 20; bill++) await insertDoubt(1_000);
    let [asking, most] = [0, 0];
    const lookup = async (): Promise<LookupAnswer> => {
      most = Math.max(most, ++asking);
      await setImmediate();
      asking--;
      return 'accepted';
    };
    const email = createFakeProvider({ lookup, lookupsAtOnce: 4 });
    const deps = sweepDepsOf(db.database, {
      providers: onlyProviders({ ...perChannel(() => createFakeProvider()), EMAIL: email }),
    });
    assert.deepEqual(await resolveDoubts(deps, unlimited), { ...none, foundAccepted: 20 });
    assert.equal(most, 4);
  });

  it('are asked about until the time is over, and the others stay as they were', async () => {
    for (let bill = 0; bill < 20; bill++) await insertDoubt(61_000);
    const stopping = new AbortController();
    const lookup = async (): Promise<LookupAnswer> => {
      await setImmediate();
      stopping.abort();
      return 'cannotTell';
    };
    const email = createFakeProvider({ lookup, lookupsAtOnce: 4 });
    const deps = sweepDepsOf(db.database, {
      providers: onlyProviders({ ...perChannel(() => createFakeProvider()), EMAIL: email }),
    });
    assert.deepEqual(await resolveDoubts(deps, { forMs: 600_000, signal: stopping.signal }), {
      ...none,
      stillInDoubt: 4,
    });
    assert.deepEqual(await resolveDoubts(deps, { forMs: 0 }), none);
    const limits = { horizonMs: 60_000, limit: 100, asked: askedAt(['EMAIL']) };
    assert.equal((await listDueDoubts(db.database, limits)).length, 16, 'due as before');
  });

  it('of a channel that may not be asked wait, and delay no other', async () => {
    await insertDoubt(61_000);
    const sms = await insertDoubt(61_000, { channel: 'SMS' });
    const routesToAsk = () => Promise.resolve({ freely: ['SMS'], trying: [] } as const);
    const deps = sweepDepsOf(db.database, { lookup: answering('never'), routesToAsk });
    assert.deepEqual(await resolveDoubts(deps, unlimited), { ...none, foundNever: 1 });
    assert.equal((await standingOf(db.database, sms.billId)).sendStatus, 'PENDING');
    const nobody = sweepDepsOf(db.database, {
      routesToAsk: () => Promise.resolve({ freely: [], trying: [] }),
    });
    assert.deepEqual(await resolveDoubts(nobody, unlimited), none);
  });

  it('of a channel on trial are asked about one at a time until the provider answers', async () => {
    for (let bill = 0; bill < 5; bill++) await insertDoubt(61_000);
    const routesToAsk = () => Promise.resolve({ freely: [], trying: ['EMAIL'] } as const);
    const round = (answer: LookupAnswer) =>
      resolveDoubts(sweepDepsOf(db.database, { lookup: answering(answer), routesToAsk }), unlimited);
    assert.deepEqual(await round('cannotTell'), { ...none, stillInDoubt: 1 });
    assert.deepEqual(await round('cannotTell'), { ...none, stillInDoubt: 1 });
    assert.deepEqual(await round('accepted'), { ...none, foundAccepted: 3 });
  });

  it('are not delayed by one look-up that throws', async () => {
    const broken = await insertDoubt(61_000);
    const fine = await insertDoubt(61_000);
    await resolve(async (key) => {
      if (key.startsWith(`${broken.billId}:`)) throw new Error('no answer');
      return 'accepted';
    });
    assert.equal((await standingOf(db.database, fine.billId)).sendStatus, 'DELIVERED');
    const { sendStatus } = await standingOf(db.database, broken.billId);
    assert.equal(sendStatus, 'IN_DOUBT', 'no answer is no "never", also past the horizon');
  });
});
