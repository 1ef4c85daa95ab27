import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaVersion } from '../src/embedded/kafkaJars.ts';
import { embeddedSuperuserUrl, openEmbedded } from '../src/embedded/openEmbedded.ts';
import { projectDir } from '../src/lib/projectDir.ts';

/**
 * Runs the tests on real servers of their own: embedded Kafka and PostgreSQL in `.billcast/test`, never the ones
 * that the settings name. `npm test -- test/db` runs only the files below that folder, or those named.
 */
async function main(): Promise<number> {
  const files = chosenFiles(process.argv.slice(2));
  const dataDir = join(projectDir, '.billcast', 'test');
  const servers = await openEmbedded({
    dataDir,
    jarsDir: join(projectDir, '.billcast', 'kafka', `jars-${kafkaVersion}`),
    needs: { kafka: true, postgres: true },
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await runFiles(files, {
      KAFKA_BROKERS: servers.kafkaBrokers,
      // Tests make databases, users and extensions, and change settings.
      DATABASE_URL: await embeddedSuperuserUrl({ dataDir }),
    });
  } finally {
    await servers.close();
  }
}

/** Throws where there are none: `node --test` without a file looks for some by its own rules. */
function chosenFiles(wanted: string[]): string[] {
  const all = globSync('test/**/*.test.ts', { cwd: projectDir }).sort();
  const chosen =
    wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.startsWith(part)));
  if (chosen.length === 0) throw new Error(`there are no tests below ${wanted.join(', ')}`);
  return chosen;
}

function runFiles(files: string[], servers: Record<string, string | undefined>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', '--test-concurrency=2', ...files], {
      cwd: projectDir,
      stdio: 'inherit',
      env: { ...process.env, ...servers },
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main();
