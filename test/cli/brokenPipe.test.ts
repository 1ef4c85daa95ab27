import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { testKafkaBrokers } from '../support/testKafka.ts';
import { useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics } = useTestTopics(1);

it('a reader that stops reading ends a command quietly', async () => {
  const file = join(projectDir, 'src/cli/billcast.ts');
  const child = spawn(process.execPath, [file, 'status'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment,
      DATABASE_URL: db.url,
      KAFKA_BROKERS: testKafkaBrokers(),
      TOPIC_EMAIL: topics.EMAIL,
      TOPIC_SMS: topics.SMS,
      TOPIC_DLT: topics.deadLetter,
    },
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(err, '');
  assert.equal(code, 0);
});
