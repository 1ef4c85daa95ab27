import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import { buildFolder } from './atomicFolder.ts';
import { kafkaProperties } from './kafkaProperties.ts';
import { keepPort } from './ports.ts';
import { run } from './run.ts';

export interface StorageOptions {
  folder: string;
  jarsDir: string;
  java: string;
  onProgress: (line: string) => void;
}

/**
 * Makes sure that `<folder>/log` is formatted. The caller holds the lock.
 * @throws BillcastError EMBEDDED_FAILED
 */
export const prepareStorage = (options: StorageOptions): Promise<void> =>
  buildFolder(join(options.folder, 'log'), (draft) => format(options, draft));

/** Writes the broker's settings, with ports that are free. */
export const writeProperties = async (folder: string, file: string, logDir: string): Promise<void> => {
  const port = await keepPort(join(folder, 'port'));
  const controllerPort = await keepPort(join(folder, 'controller.port'), port);
  await writeFile(file, kafkaProperties({ logDir, port, controllerPort }));
};

/** The id that the storage was formatted with. */
export const readClusterId = async (folder: string): Promise<string | undefined> =>
  /^cluster\.id=(.+)$/m.exec(await readFile(join(folder, 'log', 'meta.properties'), 'utf8'))?.[1];

const format = async (
  { folder, jarsDir, java, onProgress }: StorageOptions,
  draft: string,
): Promise<void> => {
  onProgress('Formatting the storage of the embedded Kafka.');
  const properties = join(folder, 'format.properties');
  await writeProperties(folder, properties, draft);
  const clusterId = randomBytes(16).toString('base64url');
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, `--config=${properties}`];
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const outcome = await run(java, [...flags, '-cp', join(jarsDir, '*'), ...tool]);
  await rm(properties, { force: true });
  if (outcome.tag === 'done') return;
  throw new BillcastError('EMBEDDED_FAILED', `Kafka could not format ${draft}.`, { cause: outcome.cause });
};
