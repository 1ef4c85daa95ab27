import { readFile, writeFile } from 'node:fs/promises';
import { BillcastError } from '../errors.ts';
import type { DataFolder } from './dataFolder.ts';
import { kafkaFacts } from './embeddedKafka.ts';
import { mostBrokers } from './kafkaNodes.ts';

/** The number of brokers of this folder's Kafka, running or not; 1 if it was never chosen. */
export async function readBrokers({ brokers }: Pick<DataFolder, 'brokers'>): Promise<number> {
  const count = Number(await readFile(brokers, 'utf8').catch(() => ''));
  return Number.isInteger(count) && count >= 1 && count <= mostBrokers ? count : 1;
}

/**
 * The number of brokers to start, which is stored for the next start. The caller holds the lock.
 * @throws BillcastError EMBEDDED_FAILED if a Kafka with another number is running: its users would lose it
 */
export async function chooseBrokers(folder: DataFolder, wanted: number | undefined): Promise<number> {
  const last = await readBrokers(folder);
  if (wanted === undefined || wanted === last) return last;
  const { running } = await kafkaFacts({ folder: folder.kafka, brokers: last });
  if (running) {
    const message =
      `A Kafka with ${last} broker(s) is running in ${folder.root}: stop it first ` +
      '("billcast embedded stop"), or set another DATA_DIR.';
    throw new BillcastError('EMBEDDED_FAILED', message);
  }
  await writeFile(folder.brokers, `${wanted}\n`);
  return wanted;
}
