import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readingOf, readTimes, startGateway } from '../support/rateLedgers.ts';
import { createTestSystem } from '../support/testSystem.ts';

const seconds = Number(process.env.CLUSTER_RATE_SECONDS ?? '20');

/** Weights, rates and dispatchers: `CLUSTER_PAIRS=1:1x500:50x4`. */
const pairs = (process.env.CLUSTER_PAIRS ?? '10:1x500:50x4,1:1x500:50x4')
  .split(',')
  .map((run) => run.split('x').map((part) => part.split(':').map(Number)));

/** Two gateways, each with its ledger and clock. */
describe('two providers of one channel', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'billcast-rates-'));
    await writeFile(join(folder, 'second.json'), JSON.stringify(second));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [[heavy = 1, light = 1] = [], [fast = 0, slow = 0] = [], [dispatchers = 1] = []] of pairs) {
    const name = `${fast} and ${slow} per second with weights ${heavy}:${light} by ${dispatchers} dispatchers`;
    it(`${name}: each is kept and used`, async () => {
      const ledgers = ['fast', 'slow'].map((one) => join(folder, `${one}-${heavy}-${dispatchers}.jsonl`));
      const gateways = await Promise.all(ledgers.map((ledger) => startGateway(ledger)));
      const [first, other] = gateways;
      assert.ok(first !== undefined && other !== undefined);
      const system = await createTestSystem({
        PROVIDER_EMAIL: `http:${heavy},second:${light}`,
        PROVIDERS_DIR: folder,
        CHANNELS: 'EMAIL',
        HTTP_EMAIL_URL: first.url,
        SECOND_URL: new URL(other.url).origin,
        PROVIDER_RATES: `http:${fast},second:${slow}`,
        START_DEADLINE_MS: '5000',
        SEND_TIMEOUT_MS: '30000',
        LOOKUP_HORIZON_MS: '60000',
        CLAIM_TTL_MS: '60000',
        POOL_THREADS: '1',
      });
      const times: number[][] = [];
      try {
        for (let nth = 0; nth < dispatchers; nth++) await system.startDispatcher();
        await system.publish((fast + slow) * seconds);
        await system.until('some are sent', ({ delivered }) => delivered > 0, 120_000);
        await sleep(seconds * 1_000);
        times.push(...ledgers.map(readTimes));
      } finally {
        await system.destroy();
        for (const { child } of gateways) child.kill('SIGKILL');
      }
      const beginMs = Math.min(...times.map(([at = 0]) => at));
      const readings = times.map((all) =>
        readingOf(all, { beginMs, endMs: Math.min(beginMs + seconds * 1_000, all.at(-1) ?? 0) }),
      );
      console.log(`${name}: ${JSON.stringify(readings)} (aim for the means: 0.95)`);
      for (const [index, rate] of [fast, slow].entries()) {
        assert.ok(
          (readings[index]?.fullestWholeSecond ?? 0) <= Math.ceil(rate * 1.02),
          JSON.stringify(readings),
        );
      }
    });
  }
});

/** The gateway once more, as a provider in a file. */
const second = {
  title: 'Second',
  documents: ['https://second.example/docs'],
  settings: { SECOND_URL: { about: 'scheme, host and port' } },
  origin: `$\{SECOND_URL}`,
  headers: { 'idempotency-key': '{{key}}' },
  send: {
    email: {
      path: '/messages',
      body: {
        billId: '{{billId|number}}',
        memberId: '{{memberId|number}}',
        channel: '{{channel}}',
        cycle: '{{cycle|number}}',
        to: '{{to}}',
        subject: '{{subject}}',
        html: '{{html}}',
        text: '{{text}}',
      },
      answers: {
        rules: [
          {
            status: 200,
            body: { '/key': '{{key}}', '/id': { present: true } },
            means: 'accepted',
            id: '/id',
          },
        ],
      },
    },
  },
};
