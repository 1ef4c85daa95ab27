import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  embeddedStatus,
  openEmbedded,
  startEmbedded,
  stopEmbedded,
} from '../../src/embedded/openEmbedded.ts';
import { withAdmin } from '../../src/kafka/kafkaAdmin.ts';
import { createKafka, type Kafka } from '../../src/kafka/kafkaClient.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { silentLog } from '../support/capturedLog.ts';
import { jarsDir } from '../support/jarsDir.ts';
import { quiet } from './embeddedFixture.ts';

const run = promisify(execFile);
const kafkaOnly = { kafka: true, postgres: false };

test('a started cluster stays, and keeps its number of brokers, its addresses and data', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'billcast-cluster-'));
  t.after(() => removeServers(dataDir));
  const options = { dataDir, jarsDir, onProgress: quiet };
  const started = await startEmbedded({ ...options, brokers: 3 });
  assert.equal(started.kafkaBrokers?.split(',').length, 3);

  const { stdout } = await run(process.execPath, ['src/cli/billcast.ts', 'embedded', 'status', '--json'], {
    cwd: projectDir,
    env: { ...bareEnvironment, DATA_DIR: dataDir },
  });
  const { kafka } = JSON.parse(stdout);
  assert.deepEqual(
    kafka.brokers.map(({ broker, running }: Record<string, unknown>) => [broker, running]),
    [
      [1, true],
      [2, true],
      [3, true],
    ],
  );
  await assert.rejects(openEmbedded({ ...options, brokers: 1, needs: kafkaOnly }), {
    code: 'EMBEDDED_FAILED',
    message: /A Kafka with 3 broker\(s\) is running in .+: stop it first/,
  });
  await makeTopic(started.kafkaBrokers ?? '', 'kept');

  for (const { pid } of (await embeddedStatus({ dataDir })).kafka.brokers ?? []) {
    process.kill(pid ?? 0, 'SIGKILL');
  }
  const again = await openEmbedded({ ...options, needs: kafkaOnly });
  assert.equal(again.kafkaBrokers, started.kafkaBrokers, 'all were killed and came back');
  assert.ok((await topicsOf(again.kafkaBrokers ?? '')).includes('kept'));
  await again.close();

  await stopEmbedded(options);
  const stopped = await embeddedStatus({ dataDir });
  assert.equal(stopped.kafka.running, false);
  assert.deepEqual(
    stopped.kafka.brokers?.map(({ running }) => running),
    [false, false, false],
  );

  const single = await openEmbedded({ ...options, brokers: 1, needs: kafkaOnly });
  assert.equal(single.kafkaBrokers?.includes(','), false);
  assert.ok(
    !(await topicsOf(single.kafkaBrokers ?? '')).includes('kept'),
    'each number of brokers has its own data',
  );
  await single.close();
});

function clientOf(brokers: string): Kafka {
  return createKafka({ brokers: brokers.split(','), clientId: 'test', log: silentLog });
}

function makeTopic(brokers: string, topic: string) {
  return withAdmin({ kafka: clientOf(brokers) }, 'The topic was not made.', (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 3 }] }),
  );
}

function topicsOf(brokers: string) {
  return withAdmin({ kafka: clientOf(brokers) }, 'There is no list of topics.', (admin) =>
    admin.listTopics(),
  );
}

async function removeServers(dataDir: string): Promise<void> {
  await stopEmbedded({ dataDir, onProgress: quiet });
  await rm(dataDir, { recursive: true, force: true });
}
