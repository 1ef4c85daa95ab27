import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import { type HandedOffBill, handOff } from '../../../src/consumer/pipeline/handOff.ts';
import { send } from '../../../src/consumer/pipeline/send.ts';
import type { PreparedBill } from '../../../src/consumer/pipeline/stage.ts';
import type { SendGate } from '../../../src/policy/brake/sendGate.ts';
import { Trial } from '../../../src/policy/brake/trial.ts';
import { RateLine } from '../../../src/policy/rate/rateLine.ts';
import type { Reserve } from '../../../src/policy/rate/reservation.ts';
import { missedTurn, type Provider } from '../../../src/providers/provider.ts';
import { insertClaimed } from '../../support/arrange.ts';
import { ask, inTransaction, untilWaiting } from '../../support/ask.ts';
import { createBrake, wordOf } from '../../support/brakeRows.ts';
import { eventually } from '../../support/eventually.ts';
import { FixedQuota } from '../../support/fixedQuota.ts';
import { standingOf } from '../../support/notifications.ts';
import {
  createTestPipeline,
  holdClaims,
  type TestPipeline,
  type TestPipelineOptions,
} from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();

async function prepare(pipeline: TestPipeline, count: number): Promise<PreparedBill[]> {
  const message = { kind: 'text', to: '010', text: 't', bytes: 1 } as const;
  const held = holdClaims(pipeline, await insertClaimed(db.database, count));
  return held.map(({ bill }) => ({ bill, message, quietHours: undefined }));
}

/** A lane whose bills are claimed, as they are by the time of their hand-off. */
async function arrange(
  count: number,
  {
    concurrency = Number.POSITIVE_INFINITY,
    startDeadlineMs = 60_000,
    brakes,
    provider = createFakeProvider({ concurrency }),
  }: Partial<Pick<Provider, 'concurrency'>> &
    Pick<TestPipelineOptions, 'startDeadlineMs' | 'brakes'> & { readonly provider?: Provider } = {},
) {
  const options = { provider, startDeadlineMs, ...(brakes === undefined ? {} : { brakes }) };
  const pipeline = await createTestPipeline(db.database, options);
  const { deps, lanes } = pipeline;
  const bills = await prepare(pipeline, count);
  return { bills, deps, lane: lanes.EMAIL, groups: handOff(deps, lanes.EMAIL, { bills }) };
}

describe('the hand-off of a batch', () => {
  it('makes as many SENT at a time as the provider has slots for, each before it is given on', async () => {
    const { bills, lane, groups } = await arrange(5, { concurrency: 2 });
    const sizes: number[] = [];
    for await (const group of groups) {
      sizes.push(group.length);
      for (const { bill } of group) {
        assert.equal((await standingOf(db.database, bill.claim.billId)).sendStatus, 'SENT');
      }
      const handedOff = sizes.reduce((sum, size) => sum + size);
      for (const { bill } of bills.slice(handedOff)) {
        assert.equal((await standingOf(db.database, bill.claim.billId)).sendStatus, 'SENDING');
      }
      assert.equal(lane.brake.gate.taken, group.length);
      lane.brake.gate.release(group.length);
    }
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it('gives on only what is still ours, and gives back the slots of the rest', async () => {
    const { bills, lane, groups } = await arrange(3);
    await ask(
      db.database,
      `update bill_notification set send_status = 'PENDING', claim_token = null where bill_id = $1`,
      [bills[1]?.bill.claim.billId],
    );
    const ours: HandedOffBill[] = [];
    for await (const group of groups) ours.push(...group);
    assert.deepEqual(
      ours.map(({ bill }) => bill.claim.billId),
      [bills[0]?.bill.claim.billId, bills[2]?.bill.claim.billId],
    );
    assert.deepEqual([lane.brake.gate.taken, lane.claimed.taken], [2, 2]);
  });

  it('counts the start deadline from before the first try of the statement', async () => {
    const { bills, groups } = await arrange(1, { startDeadlineMs: 50 });
    const handedOff = await inTransaction(db.database, async (connection) => {
      await connection.run('select from bill_notification where bill_id = $1 for update', [
        bills[0]?.bill.claim.billId,
      ]);
      const handingOff = groups.next();
      await untilWaiting(db.database);
      await connection.run('select pg_sleep(0.06)');
      return { handingOff };
    });
    const { value } = await handedOff.handingOff;
    assert.ok(Array.isArray(value));
    assert.equal(value[0]?.startDeadline.passed(), true);
  });

  it('under a rate gives the day its room back if the brake goes on before the moment of a send', async (t) => {
    const dayQuota = new FixedQuota(3);
    const reserve: Reserve = async ({ count }) => ({ firstMs: performance.now() + 200, stepMs: 1, count });
    const rate = new RateLine({ perSecond: 100, reserve });
    const email = createBrake({ rate, dayQuota });
    const brakes = { ...perChannel((channel) => createBrake({ channel })), EMAIL: email };
    brakes.EMAIL.applyWord(wordOf());
    t.after(() => email.gate.stop());
    const { lane, groups, deps } = await arrange(3, { brakes });
    const { value } = await groups.next();
    assert.ok(Array.isArray(value));
    assert.equal(dayQuota.left, 3 - value.length);
    const sends = value.map((bill) => send(deps, lane, bill));
    lane.brake.gate.setClosed(true);
    await Promise.all(sends);
    assert.deepEqual([dayQuota.left, lane.brake.gate.taken], [3, 0]);
  });

  /** One bill under a rate, and a provider that misses the turns which end. */
  async function arrangeMissing(
    t: TestContext,
    { onSend, trial }: { onSend?: (gate: SendGate) => void; trial?: Trial } = {},
  ) {
    const reserve: Reserve = async ({ count }) => ({ firstMs: performance.now() + 20, stepMs: 1, count });
    const email = createBrake({ rate: new RateLine({ perSecond: 100, reserve }) });
    email.applyWord(wordOf());
    t.after(() => email.gate.stop());
    const ends: (number | undefined)[] = [];
    const prepared: number[] = [];
    const provider: Provider = {
      ...createFakeProvider(),
      prepare: (sends) => prepared.push(sends),
      send: async (_, { turnEndsMs }) => {
        ends.push(turnEndsMs);
        onSend?.(email.gate);
        return turnEndsMs === undefined ? { kind: 'accepted' } : missedTurn;
      },
    };
    const brakes = { ...perChannel((channel) => createBrake({ channel })), EMAIL: email };
    const { lane, groups, deps, bills } = await arrange(1, { brakes, provider });
    const { value } = await groups.next();
    assert.ok(Array.isArray(value) && bills[0] !== undefined);
    const start = (bill: HandedOffBill) => ({ ...bill, start: { ...bill.start, trial } });
    await Promise.all(value.map((bill) => send(deps, lane, start(bill))));
    assert.equal(lane.brake.gate.taken, 0);
    return { ends, prepared, billId: bills[0].bill.claim.billId };
  }

  it('under a rate takes one more turn for a send that missed its own, and that one has no end', async (t) => {
    const { ends, prepared, billId } = await arrangeMissing(t);
    assert.equal(ends.length, 2);
    assert.ok((ends[0] ?? 0) > performance.now() - 10_000);
    assert.equal(ends[1], undefined);
    assert.deepEqual(prepared, [1]);
    await eventually(async () => (await standingOf(db.database, billId)).sendStatus === 'DELIVERED');
  });

  it('under a rate gives a bill back that missed its turn if the brake goes on', async (t) => {
    const { ends, billId } = await arrangeMissing(t, { onSend: (gate) => gate.setClosed(true) });
    assert.equal(ends.length, 1);
    await eventually(async () => (await standingOf(db.database, billId)).sendStatus === 'PENDING');
  });

  it('under a rate sends a trial whenever its connection is ready', async (t) => {
    const trial = new Trial({ brake: 'EMAIL', expiresAtMs: performance.now() + 60_000, intervalMs: 1_000 });
    const { ends, billId } = await arrangeMissing(t, { trial });
    assert.deepEqual(ends, [undefined]);
    await eventually(async () => (await standingOf(db.database, billId)).sendStatus === 'DELIVERED');
  });

  it('gives back at once what would wait for too long under a new pace, and sends the rest', async () => {
    const brakes = perChannel((channel) => createBrake({ channel }));
    brakes.EMAIL.applyWord(wordOf());
    const { bills, lane, groups, deps } = await arrange(5, { brakes });
    const limited = { kind: 'notSent', reason: 'HTTP_429', trouble: 'pace', retryAfterMs: 1 } as const;
    for (let answers = 0; answers < 5; answers++) {
      lane.brake.gate.takeOne();
      const start = lane.brake.start();
      assert.ok(start !== undefined);
      lane.brake.recordAnswer(limited, start);
      lane.brake.gate.release(1);
    }
    const inTime = lane.brake.inTime(5);
    assert.ok(inTime >= 1 && inTime < 5, String(inTime));
    const { value } = await groups.next();
    assert.ok(Array.isArray(value));
    assert.equal(value[0]?.bill.claim.billId, bills[0]?.bill.claim.billId);
    await deps.settler.flush();
    const states = await Promise.all(
      bills.map(async ({ bill }) => (await standingOf(db.database, bill.claim.billId)).sendStatus),
    );
    assert.deepEqual(states.slice(inTime), Array(5 - inTime).fill('PENDING'));
    assert.equal(states[0], 'SENT');
  });

  it('of nothing asks nothing', async () => {
    const { groups } = await arrange(0);
    assert.equal((await groups.next()).done, true);
  });
});
