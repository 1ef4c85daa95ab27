import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readingOf, readTimes, startGateway } from '../support/rateLedgers.ts';
import { createTestSystem, isFinished } from '../support/testSystem.ts';

/** Rate and dispatchers of each run: `CLUSTER_RATES=500x4,50x1`. */
const runs = (process.env.CLUSTER_RATES ?? '500x4,500x1,200x4,50x4,50x1')
  .split(',')
  .map((run) => run.split('x').map(Number));
const seconds = Number(process.env.CLUSTER_RATE_SECONDS ?? '20');
const patienceMs = 300_000;

/** The whole path to a gateway in a separate process. Only the gateway's ledger and clock judge it. */
describe('PROVIDER_RATES end to end', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'billcast-rate-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [perSecond = 0, dispatchers = 0] of runs) {
    it(`${perSecond} per second is kept and used by ${dispatchers} dispatchers`, async () => {
      const ledger = join(folder, `${perSecond}-${dispatchers}.jsonl`);
      const gateway = await startGateway(ledger);
      const system = await createTestSystem({
        PROVIDER_EMAIL: 'http',
        PROVIDER_SMS: 'http',
        HTTP_EMAIL_URL: gateway.url,
        HTTP_SMS_URL: gateway.url,
        PROVIDER_RATES: `http:${perSecond}`,
        START_DEADLINE_MS: '5000',
        SEND_TIMEOUT_MS: '30000',
        LOOKUP_HORIZON_MS: '60000',
        CLAIM_TTL_MS: '60000',
        POOL_THREADS: '1',
      });
      try {
        for (let nth = 0; nth < dispatchers; nth++) await system.startDispatcher();
        await system.publish(perSecond * seconds);
        await system.until('all are finished', isFinished, patienceMs);
      } finally {
        await system.destroy();
        gateway.child.kill('SIGKILL');
      }
      const reading = readingOf(readTimes(ledger));
      console.log(`${perSecond}/s by ${dispatchers}: ${JSON.stringify(reading)} (aim for the mean: 0.95)`);
      // On a machine that has CPU to spare: a gateway that stands still counts late.
      assert.ok(reading.fullestWholeSecond <= perSecond * 1.02, JSON.stringify(reading));
    });
  }
});
