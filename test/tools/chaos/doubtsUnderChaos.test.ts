import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { BillId } from '../../../src/bill.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { ask, askValue } from '../../support/ask.ts';
import { bareEnvironment } from '../../support/bareEnvironment.ts';
import { journalOf, standingOf } from '../../support/notifications.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

/** A missed turn of pg-boss (10 s), and a machine that has other things to do. */
const slackMs = 30_000;
/** What a slow start hands off before the first answer. */
const bills = 40;
/** The provider takes so long that no answer comes before the kill. */
const noAnswer = { SIMULATED_DELAY_MS: '8000', SEND_TIMEOUT_MS: '9000', LOOKUP_HORIZON_MS: '10000' };

describe('what a killed dispatcher had handed off', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0' });
  });
  after(() => system.destroy());

  it('is in doubt within the TTL and a sweep, and not before; then the lookup settles it', async () => {
    await system.publish(bills);
    const victim = await system.startDispatcher(noAnswer);
    await system.until('all are handed off', ({ sent }) => sent === bills);
    await victim.kill();
    const lastBeat = await askValue<Date>(system.database, 'select max(heartbeat_at) from dispatcher');
    const handedOff = await billIdsOf(system);
    const accepted = handedOff.slice(0, 10);
    await acceptBehindItsBack(system, accepted);
    const survivor = await system.startDispatcher();
    await system.until('all bills are finished', isFinished, 120_000);
    const { claimTtlMs, sweep } = system.config;
    const doubtedAt = await doubtTimesOf(system);
    assert.equal(doubtedAt.length, bills);
    for (const at of doubtedAt) {
      const silentMs = at.getTime() - lastBeat.getTime();
      assert.ok(silentMs >= claimTtlMs, `in doubt after ${silentMs} ms of silence`);
      assert.ok(silentMs <= claimTtlMs + sweep.intervalMs + slackMs, `only after ${silentMs} ms`);
    }
    const { lost, duplicated, inDoubt, delivered } = await system.verdict();
    assert.deepEqual(
      { lost, duplicated, inDoubt, delivered },
      { lost: 0, duplicated: 0, inDoubt: 0, delivered: bills },
    );
    for (const billId of accepted) {
      assert.deepEqual(await historyOf(system, billId), ['UNKNOWN OWNER_GONE', 'ACCEPTED LOOKUP']);
    }
    for (const billId of handedOff.slice(10)) {
      assert.deepEqual(await historyOf(system, billId), ['UNKNOWN OWNER_GONE', 'NEVER LOOKUP', 'ACCEPTED']);
    }
    assert.equal(await survivor.stop(), 0);
  });
});

describe('bills that no provider knows about', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({ SIMULATED_REFUSAL_RATE: '0' });
  });
  after(() => system.destroy());

  it('wait for a person, whose verdict each of them follows', async () => {
    await system.publish(3);
    await doubtAll(system);
    const [delivered, resend, failed] = await billIdsOf(system);
    assert.ok(delivered && resend && failed);
    await acceptBehindItsBack(system, [delivered]);
    const dispatcher = await system.startDispatcher();
    await Promise.all([
      resolve(system, '--delivered', delivered),
      resolve(system, '--resend', resend),
      resolve(system, '--failed', failed),
    ]);
    await system.until('all bills are finished', isFinished);
    const statusOf = async (billId: BillId) => {
      const { sendStatus, cycle } = await standingOf(system.database, billId);
      return [sendStatus, cycle];
    };
    assert.deepEqual(await statusOf(delivered), ['DELIVERED', 1]);
    assert.deepEqual(await statusOf(resend), ['DELIVERED', 2]);
    assert.deepEqual(await statusOf(failed), ['FAILED', 1]);
    const [letter = ''] = await system.deadLetters(1);
    assert.match(letter, new RegExp(`^${failed} .*billcast-reason GIVEN_UP`));
    const { lost, duplicated, inDoubt } = await system.verdict();
    assert.deepEqual({ lost, duplicated, inDoubt }, { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.equal(await dispatcher.stop(), 0);
  });
});

async function billIdsOf({ database }: TestSystem): Promise<BillId[]> {
  const rows = await ask<[BillId]>(database, 'select bill_id from bill_notification order by bill_id');
  return rows.map(([billId]) => billId);
}

async function doubtTimesOf({ database }: TestSystem): Promise<Date[]> {
  const rows = await ask<[Date]>(
    database,
    `select finished_at from delivery_attempt where outcome = 'UNKNOWN' and reason = 'OWNER_GONE'`,
  );
  return rows.map(([at]) => at);
}

/** What the provider accepted of a dispatcher that did not live to hear it. */
async function acceptBehindItsBack({ config }: TestSystem, billIds: readonly BillId[]): Promise<void> {
  const lines = billIds.map((billId) => `${JSON.stringify({ key: `${billId}:EMAIL:1` })}\n`);
  await appendFile(config.providerSettings.simulated.ledgerFile, lines.join(''));
}

async function historyOf({ database }: TestSystem, billId: BillId): Promise<string[]> {
  return (await journalOf(database, billId)).map(({ outcome, reason }) =>
    reason === null ? outcome : `${outcome} ${reason}`,
  );
}

/** As if handed off long ago; the next lookup is so late that only a person can settle them. */
function doubtAll({ database }: TestSystem): Promise<unknown> {
  return ask(
    database,
    `update bill_notification
     set send_status = 'IN_DOUBT', claim_token = gen_random_uuid(), handed_off_at = now() - interval '1 hour',
         in_doubt_at = now(), not_before = now() + interval '1 hour', publish_status = 'PUBLISHED'`,
  );
}

async function resolve({ config }: TestSystem, verdict: string, billId: BillId): Promise<void> {
  const file = join(projectDir, 'src/cli/billcast.ts');
  const env = {
    ...bareEnvironment,
    DATABASE_URL: config.database.url,
    KAFKA_BROKERS: config.kafka.brokers?.join(','),
  };
  const args = [file, 'resolve', verdict, '--bill', billId, '--reason', 'asked the provider', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  assert.equal(JSON.parse(stdout).resolved, 1);
}
