import { join } from 'node:path';
import { exists } from './atomicFolder.ts';
import { requireJava } from './java.ts';
import { kafkaVersion, requireMaven } from './kafkaJars.ts';

/**
 * Makes sure that the embedded Kafka can be started: Java, and Maven as long as its jars are not fetched.
 * @throws BillcastError JAVA_MISSING or MAVEN_MISSING
 */
export async function requireTools({ dataDir }: { dataDir: string }): Promise<void> {
  await requireJava('java');
  if (!(await exists(join(dataDir, 'kafka', `jars-${kafkaVersion}`)))) await requireMaven('mvn');
}
