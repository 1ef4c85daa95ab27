import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { KafkaOptions } from './embeddedKafka.ts';
import { kafkaVersion } from './kafkaJars.ts';
import { withLock } from './lock.ts';

/** The places in a data folder; `openEmbedded.ts` says what each is. */
export interface DataFolder {
  readonly root: string;
  readonly lock: string;
  readonly users: string;
  readonly stay: string;
  readonly brokers: string;
  readonly postgres: string;
  readonly kafka: string;
}

/** Resolves the real path: processes are identified by the folder in their command lines. */
export async function dataFolder(dataDir: string): Promise<DataFolder> {
  await mkdir(dataDir, { recursive: true });
  const root = await realpath(dataDir);
  const inRoot = (name: string) => join(root, name);
  return {
    root,
    lock: inRoot('lock'),
    users: inRoot('users'),
    stay: inRoot('stay'),
    brokers: inRoot('brokers'),
    postgres: inRoot('postgres'),
    kafka: inRoot('kafka'),
  };
}

/** Runs the work while no other process starts or stops servers of this folder. */
export function locked<T>(
  folder: DataFolder,
  { onProgress }: { onProgress: (line: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const onWait = ({ pid }: { pid: number }) =>
    onProgress(`Waiting for process ${pid}, which starts or stops the embedded servers.`);
  return withLock({ path: folder.lock, onWait }, work);
}

export function kafkaOptions(
  folder: DataFolder,
  { jarsDir, commands }: { jarsDir?: string; commands?: { java?: string; maven?: string } },
  brokers: number,
): KafkaOptions {
  return {
    folder: folder.kafka,
    brokers,
    jarsDir: jarsDir ?? join(folder.kafka, `jars-${kafkaVersion}`),
    java: commands?.java ?? 'java',
    maven: commands?.maven ?? 'mvn',
  };
}
