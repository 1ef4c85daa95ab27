import type { Config } from '../../config/loadConfig.ts';
import { requireTools } from '../../embedded/embeddedKafka.ts';
import { type Finding, ok } from './finding.ts';

/** Checks Java and Maven, if the embedded Kafka is used. */
export async function checkTools({ kafka, dataDir }: Config): Promise<Finding[]> {
  if (kafka.brokers !== undefined) return [];
  await requireTools({ dataDir });
  return [ok('embedded', 'Java and everything else that the embedded Kafka needs are installed')];
}
