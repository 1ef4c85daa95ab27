import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { OwnedPartition } from '../../src/consumer/ownedPartition.ts';
import { createConnections } from '../../src/dispatcher/connections.ts';
import { createPath } from '../../src/dispatcher/path.ts';
import { createTally } from '../../src/tally.ts';
import { batchOf, range } from '../consumer/fetchedBatch.ts';
import { silentLog } from '../support/capturedLog.ts';
import { createFakeRenderPool } from '../support/pipeline.ts';
import { createFakeProvider } from '../support/providers.ts';

const config = loadConfig({});
const obeyed = { answered: () => undefined, obey: () => undefined, stop: () => undefined };

/** A path without servers: a claim tells which bills it asks for, and wins none. */
const create = () => {
  const claimed = Promise.withResolvers<unknown>();
  const admission = { mayStart: false, trials: 1, asked: Promise.withResolvers<'switches' | 'guard'>() };
  const servers = { kafkaBrokers: ['127.0.0.1:1'], databaseUrl: 'postgres://127.0.0.1:1/none' };
  const connections = createConnections({ config, servers, log: silentLog });
  const { pipeline } = createPath({
    ...{
      config,
      log: silentLog,
      tally: createTally(silentLog),
      renderPool: createFakeRenderPool(),
      fallbackGuard: obeyed,
    },
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
    providers: { EMAIL: createFakeProvider(), SMS: createFakeProvider() },
    switches: {
      mayStart: () => {
        admission.asked.resolve('switches');
        return admission.mayStart;
      },
    },
    channelGuard: {
      ...obeyed,
      admit: () => {
        admission.asked.resolve('guard');
        return admission.trials-- > 0 ? 1 : 0;
      },
    },
    onFatal: (error) => assert.fail(String(error)),
  });
  return { pipeline, admission, claimed: claimed.promise, close: connections.closeDatabases };
};

describe('the path of a dispatcher', { timeout: 60_000 }, () => {
  it('claims nothing that a switch holds back, and then no more than its channel lets through', async () => {
    const { pipeline, admission, claimed, close } = create();
    const intake = new OwnedPartition('topic', 0, { distrustFirst: false }).take(batchOf(range(0, 3)));
    assert.ok(intake.kind === 'taken');
    pipeline.receive('EMAIL', intake.records);
    assert.equal(await admission.asked.promise, 'switches');
    assert.equal(admission.trials, 1, 'the guard is not asked while the switch is off');
    admission.mayStart = true;
    pipeline.wake();
    assert.equal(String(await claimed), '{1}');
    await pipeline.stop();
    await close();
  });
});
