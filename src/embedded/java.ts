import { BillcastError } from '../errors.ts';
import { run } from './runCommand.ts';

const oldest = 17;

/**
 * Checks that the command is a Java that can run Kafka.
 * @throws BillcastError JAVA_MISSING
 */
export async function requireJava(java: string): Promise<void> {
  const outcome = await run(java, ['-version']);
  const version = outcome.kind === 'done' ? majorVersion(outcome.output) : undefined;
  if (version !== undefined && version >= oldest) return;
  const found = version === undefined ? 'was not found' : `is too old (${version})`;
  throw new BillcastError(
    'JAVA_MISSING',
    `The embedded Kafka needs Java ${oldest} or newer, and "${java}" ${found}: install it (Debian: ` +
      '"apt install openjdk-17-jre-headless", macOS: "brew install openjdk"), or set KAFKA_BROKERS to a ' +
      'Kafka of your own.',
    outcome.kind === 'done' ? {} : { cause: outcome.cause },
  );
}

/** The major version in what `java -version` prints: 21 of "21.0.4", 8 of "1.8.0_402". */
export function majorVersion(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? (second ?? first) : first);
}
