import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseAll } from '../../src/operations/releaseBills.ts';
import { fillPlainBills, writePlainSource } from '../support/plainBills.ts';
import { BrokenGateway, type Outage, outages } from '../support/standIns/brokenGateway.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { createTestSystem, isFinished, type TestSystem } from '../support/testSystem.ts';

/** `BROKEN_GATEWAY=hangs` for one of them, `BROKEN_SECONDS=120` for longer outages. */
const only = process.env.BROKEN_GATEWAY;
const outageMs = Number(process.env.BROKEN_SECONDS ?? '20') * 1_000;
const latencyMs = Number(process.env.BROKEN_LATENCY_MS ?? '1000');
/** Per dispatcher, so that full speed is below what a small machine does. */
const concurrency = process.env.BROKEN_CONCURRENCY ?? '400';
const bills = 100_000;
const dispatchers = 2;
const mostPerDispatcher = 100;
const patienceMs = 30_000;
const windowMs = 3_000;
/** The share of the earlier speed that counts as equal, on a machine that others use too. */
const fullSpeed = 0.8;

const folder = useTemporaryFolder();

async function openSystem(gateway: BrokenGateway, count: number): Promise<TestSystem> {
  await gateway.listen();
  const system = await createTestSystem({
    ...writePlainSource(mkdtempSync(join(folder, 'source-'))),
    PROVIDER_EMAIL: 'http',
    PROVIDER_SMS: 'http',
    HTTP_EMAIL_URL: gateway.url,
    HTTP_SMS_URL: gateway.url,
    HTTP_CONCURRENCY: concurrency,
    POOL_THREADS: '1',
    // As they are by default.
    START_DEADLINE_MS: '5000',
    SEND_TIMEOUT_MS: '10000',
    LOOKUP_HORIZON_MS: '60000',
    CLAIM_TTL_MS: '10000',
  });
  await fillPlainBills(system.database, count);
  await releaseAll(system.database, system.config.ladder);
  return system;
}

/** Bills that an outage costs: in doubt, or on their way by SMS. */
async function costOf(system: TestSystem): Promise<number> {
  const { inDoubt, sms, failed } = await system.states();
  return inDoubt + sms + failed;
}

/** @returns seconds until as many bills go out as before */
async function secondsToFullSpeed(gateway: BrokenGateway, usual: number): Promise<number> {
  const sinceMs = performance.now();
  for (;;) {
    const nowMs = performance.now();
    const seconds = (nowMs - sinceMs) / 1_000;
    if (nowMs - sinceMs >= windowMs && gateway.rate(nowMs - windowMs, nowMs) >= fullSpeed * usual) {
      return seconds - windowMs / 1_000;
    }
    assert.ok(nowMs - sinceMs < 2 * patienceMs, `${gateway.rate(nowMs - windowMs, nowMs)} of ${usual} per s`);
    await sleep(100);
  }
}

/** A gateway that is broken at first, recovers, and breaks again in mid-run. */
async function run(outage: Outage): Promise<void> {
  const gateway = new BrokenGateway({ latencyMs });
  const system = await openSystem(gateway, bills);
  try {
    await gateway.breakDown(outage);
    await Promise.all(Array.from({ length: dispatchers }, () => system.startDispatcher()));
    await sleep(outageMs);
    const first = { cost: await costOf(system), requests: gateway.sinceBroken };
    const recoveredMs = performance.now();
    await gateway.recover();
    await sleep(patienceMs);
    const usual = gateway.rate(performance.now() - windowMs, performance.now());
    const step = Array.from({ length: 27 }, (_, second) => recoveredMs + second * 1_000);
    const full = step.findIndex((fromMs) => gateway.rate(fromMs, fromMs + windowMs) >= fullSpeed * usual);
    const before = { cost: await costOf(system), open: gateway.open };
    await gateway.breakDown(outage);
    await sleep(Math.max(outageMs, 15_000));
    const second = { cost: (await costOf(system)) - before.cost, requests: gateway.sinceBroken };
    await gateway.recover();
    const again = await secondsToFullSpeed(gateway, usual);
    console.log(
      `${outage}: from the start ${first.cost} bills (${first.requests} requests), ${Math.round(usual)} per s ` +
        `after ${full} s; in mid-run ${second.cost} bills (${second.requests} requests, ${before.open} were ` +
        `open), as fast after ${again.toFixed(1)} s; ${gateway.repeated.length} repeated`,
    );
    assert.equal(gateway.repeated.length, 0);
    assert.ok(first.cost <= mostPerDispatcher * dispatchers, `${first.cost} from the start`);
    assert.ok(second.cost <= before.open + mostPerDispatcher * dispatchers, `${second.cost} in mid-run`);
    assert.ok(full !== -1 && again < patienceMs / 1_000, `full speed after ${full} s and ${again} s`);
  } finally {
    await system.destroy();
    await gateway.close();
  }
}

describe('a gateway in trouble costs a hundred bills per dispatcher, and no time afterwards', () => {
  const names = Object.keys(outages) as Outage[];
  for (const outage of names.filter((name) => only === undefined || name.startsWith(only))) {
    it(`if it ${outage}`, () => run(outage));
  }

  const perSecond = 50;
  const paced = 5_000;
  it(`if it takes ${perSecond} per s`, {
    skip: only !== undefined && !'takes'.startsWith(only),
  }, async () => {
    const gateway = new BrokenGateway({ latencyMs: 50, perSecond });
    const system = await openSystem(gateway, paced);
    try {
      await Promise.all(Array.from({ length: dispatchers }, () => system.startDispatcher()));
      const sinceMs = performance.now();
      await system.until('all are sent', isFinished, 200_000);
      const seconds = (performance.now() - sinceMs) / 1_000;
      const tries = [...gateway.requests.values()];
      const most = Math.max(...tries);
      const all = tries.reduce((sum, count) => sum + count, 0);
      console.log(
        `429: ${paced} bills in ${seconds.toFixed(1)} s, ${all} requests, ${most} per bill at most`,
      );
      assert.equal(gateway.repeated.length, 0);
      assert.ok(most <= 2, `${most} tries of one bill`);
    } finally {
      await system.destroy();
      await gateway.close();
    }
  });
});
