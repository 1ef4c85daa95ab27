import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { OwnedPartition } from '../../src/consumer/intake/ownedPartition.ts';
import { SuppressionBook } from '../../src/consumer/pipeline/suppressionBook.ts';
import { MoveTally } from '../../src/db/counts/moveTally.ts';
import { createConnections } from '../../src/dispatcher/connections.ts';
import { wirePipeline } from '../../src/dispatcher/wirePipeline.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { createPathMeters } from '../../src/metrics/pathMeters.ts';
import { SendTally } from '../../src/metrics/sendTally.ts';
import { createAddressHasher } from '../../src/policy/addressHasher.ts';
import { batchOf, range } from '../consumer/intake/fetchedBatch.ts';
import { createBrake, wordOf } from '../support/brakeRows.ts';
import { silentLog } from '../support/capturedLog.ts';
import { createFakeRenderPool } from '../support/testPipeline.ts';
import { createFakeProvider } from '../support/testProviders.ts';

const config = loadConfig({});

/** A path without servers: a claim reports which bills it asks for, and wins none. */
function create() {
  const claimed = Promise.withResolvers<unknown>();
  const brake = createBrake();
  const servers = { kafkaBrokers: ['127.0.0.1:1'], databaseUrl: 'postgres://127.0.0.1:1/none' };
  const connections = createConnections({ config, servers, log: silentLog });
  const { pipeline } = wirePipeline({
    config,
    log: silentLog,
    throttledLog: createThrottledLog(silentLog),
    renderPool: createFakeRenderPool(),
    addressHasher: createAddressHasher([]),
    suppressionBook: new SuppressionBook(),
    connections: {
      ...connections,
      database: {
        ...connections.database,
        query: async ({ name }, values) => {
          if (name === 'claim') claimed.resolve(values?.[0]);
          return [];
        },
      },
    },
    tally: new MoveTally(connections.id),
    routes: [brake, createBrake({ channel: 'SMS' })].map((one) => ({
      brake: one,
      route: one.route,
      name: 'fake',
      weight: 1,
      provider: createFakeProvider(),
      sends: new SendTally(),
    })),
    meters: createPathMeters(),
    onFatal: (error) => assert.fail(String(error)),
  });
  return { pipeline, brake, claimed: claimed.promise, close: connections.closeDatabases };
}

describe('the path of a dispatcher', () => {
  it('claims nothing that its brake holds back, and then no more than it lets through', async () => {
    const { pipeline, brake, claimed, close } = create();
    const intake = new OwnedPartition('topic', 0, { distrustFirst: false }).take(batchOf(range(0, 3)));
    assert.ok(intake.kind === 'taken');
    pipeline.receive('EMAIL', intake.records);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(pipeline.hasWaiting('EMAIL'), true);
    brake.applyWord(wordOf({ kind: 'unknown' }));
    brake.grantTrial({ brake: 'EMAIL', expiresAtMs: Number.POSITIVE_INFINITY, intervalMs: 5_000 });
    assert.equal(String(await claimed), '{1}');
    await pipeline.stop();
    await close();
  });
});
