import type { Config } from '../../config/loadConfig.ts';
import { requireTools } from '../../embedded/embeddedKafka.ts';
import { type Finding, ok } from './finding.ts';

/** Java and Maven, where the embedded Kafka is used. */
export async function checkTools({ kafka, dataDir }: Config): Promise<Finding[]> {
  if (kafka.brokers !== undefined) return [];
  await requireTools({ dataDir });
  return [ok('embedded', 'Java and what the embedded Kafka needs beside it are there')];
}
