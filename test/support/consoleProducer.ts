import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { kafkaVersion } from '../../src/embedded/kafkaJars.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { testKafkaBrokers } from './testKafka.ts';

/** A record as the console producer reads it: one line, so neither part holds a tab or a line break. */
export interface ConsoleRecord {
  readonly key: string;
  /** null: a tombstone. */
  readonly value: string | null;
}

export type Compression = 'gzip' | 'snappy' | 'lz4' | 'zstd';

const jars = join(projectDir, '.billcast', 'kafka', `jars-${kafkaVersion}`, '*');
const tombstone = '<none>';

/** Writes records with Kafka's own Java console producer, in Java's own batches and without any header. */
export async function consoleProduce(
  { topic, compression }: { topic: string; compression: Compression },
  records: readonly ConsoleRecord[],
): Promise<void> {
  const producer = spawn('java', [
    ...['-cp', jars, 'org.apache.kafka.tools.ConsoleProducer'],
    ...['--bootstrap-server', testKafkaBrokers(), '--topic', topic],
    ...['--compression-codec', compression],
    ...['--reader-property', 'parse.key=true', '--reader-property', `null.marker=${tombstone}`],
  ]);
  const said = Promise.all([text(producer.stdout), text(producer.stderr)]);
  producer.stdin.end(records.map(({ key, value }) => `${key}\t${value ?? tombstone}\n`).join(''));
  const [code] = await once(producer, 'close');
  if (code !== 0) throw new Error(`the console producer ended with ${code}: ${(await said).join('')}`);
}
