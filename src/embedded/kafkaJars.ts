import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BillcastError } from '../errors.ts';
import { buildFolder, exists } from './atomicFolder.ts';
import { type Checksums, readChecksums, verifyChecksums } from './checksums.ts';
import { withLock } from './lock.ts';
import { run } from './runCommand.ts';

/** The newest release whose command-line tools are on Maven Central. */
export const kafkaVersion = '4.3.1';

export interface KafkaJars {
  /** The folder of the jars: complete, or missing. */
  readonly folder: string;
  /** Maven's command. */
  readonly maven: string;
  /** The expected checksums; those of this release by default. */
  readonly checksums?: Checksums;
}

/** The output of `sha256sum *` in the folder of jars; a new release needs a new list. */
export const jarChecksums = fileURLToPath(new URL('./kafka.sha256', import.meta.url));

/**
 * Fetches the jars of Kafka and its tools unless the folder exists. Data folders may share it: it has its own
 * lock.
 * @throws BillcastError MAVEN_MISSING, or EMBEDDED_FAILED if Maven could not fetch them or fetched something
 * else
 */
export async function fetchKafkaJars(
  { folder, maven, checksums }: KafkaJars,
  onProgress: (line: string) => void,
): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  await withLock({ path: `${folder}.lock` }, () =>
    buildFolder(folder, async (draft) => {
      onProgress(`Fetching Apache Kafka ${kafkaVersion} (45 MB) with Maven, once.`);
      await copyDependencies(maven, draft);
      await verifyChecksums(draft, checksums ?? (await readChecksums(jarChecksums)));
    }),
  );
}

/**
 * Checks that Maven is installed.
 * @throws BillcastError MAVEN_MISSING
 */
export async function requireMaven(maven: string): Promise<void> {
  const outcome = await run(maven, ['--version']);
  if (outcome.kind === 'missing') throw mavenMissing(maven, outcome.cause);
}

async function copyDependencies(maven: string, target: string): Promise<void> {
  const outcome = await run(maven, [
    '--quiet',
    '--batch-mode',
    `--file=${fileURLToPath(new URL('./kafka.pom.xml', import.meta.url))}`,
    `-Dkafka.version=${kafkaVersion}`,
    `-DoutputDirectory=${target}`,
    '-DincludeScope=runtime',
    'dependency:copy-dependencies',
  ]);
  if (outcome.kind === 'done') return;
  throw outcome.kind === 'missing' ? mavenMissing(maven, outcome.cause) : fetchFailed(outcome.output);
}

function mavenMissing(maven: string, cause: Error): BillcastError {
  return new BillcastError(
    'MAVEN_MISSING',
    `The first start of the embedded Kafka needs Maven, and "${maven}" was not found: install it ` +
      '(Debian: "apt install maven", macOS: "brew install maven"), or set KAFKA_BROKERS to a Kafka of ' +
      'your own.',
    { cause },
  );
}

function fetchFailed(output: string): BillcastError {
  return new BillcastError(
    'EMBEDDED_FAILED',
    `Maven could not fetch Kafka ${kafkaVersion}: check the network.`,
    {
      cause: new Error(output.slice(0, 2_000)),
    },
  );
}
