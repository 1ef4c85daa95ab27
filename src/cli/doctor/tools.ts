import type { Config } from '../../config.ts';
import { requireTools } from '../../embedded/tools.ts';
import { type Finding, ok } from './finding.ts';

/** Java and Maven, where the embedded Kafka is used. */
export const checkTools = async ({ kafka, dataDir }: Config): Promise<Finding[]> => {
  if (kafka.brokers !== undefined) return [];
  await requireTools({ dataDir });
  return [ok('embedded', 'Java and what the embedded Kafka needs beside it are there')];
};
