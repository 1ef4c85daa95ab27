import { join } from 'node:path';
import { type Config, loadConfig } from '../../../src/config/loadConfig.ts';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import { kafkaVersion } from '../../../src/embedded/kafkaJars.ts';
import { embeddedStatus, embeddedSuperuserUrl, openEmbedded } from '../../../src/embedded/openEmbedded.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { createLogger, type Logger } from '../../../src/log/log.ts';

/** The folder of the benchmark: servers' data, ledgers and logs. */
export const benchDir = join(projectDir, '.billcast', 'bench');

/** The servers to measure on: those in the settings, or embedded ones. */
export interface BenchServers {
  readonly config: Config;
  readonly log: Logger;
  readonly kafkaBrokers: string;
  /** The database from which others are created. */
  readonly databaseUrl: string;
  /** Undefined for servers that are not embedded, which cannot be watched. */
  readonly pids: { readonly postgres?: number | undefined; readonly kafka?: number | undefined };
  close(): Promise<void>;
}

export async function openBenchServers(): Promise<BenchServers> {
  const config = loadConfig();
  const needs = { kafka: config.kafka.brokers === undefined, postgres: config.database.url === undefined };
  const embedded = await openEmbedded({
    dataDir: benchDir,
    jarsDir: join(projectDir, '.billcast', 'kafka', `jars-${kafkaVersion}`),
    needs,
    onProgress: say,
  });
  const status = await embeddedStatus({ dataDir: benchDir });
  return {
    config,
    log: createLogger({ level: config.logLevel ?? 'warn', pretty: true }),
    kafkaBrokers: config.kafka.brokers?.join(',') ?? embedded.kafkaBrokers ?? missing('Kafka'),
    // As superuser, who alone may read pg_stat_statements.
    databaseUrl: config.database.url ?? (await embeddedSuperuserUrl({ dataDir: benchDir })),
    pids: {
      postgres: needs.postgres ? status.postgres.pid : undefined,
      kafka: needs.kafka ? status.kafka.pid : undefined,
    },
    close: embedded.close,
  };
}

export function connect({ log }: Pick<BenchServers, 'log'>, url: string): Database {
  return createDatabase({ url, poolSize: 4, log, patienceMs: 5_000 });
}

/** Prints progress to standard error; results go to standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function missing(server: string): never {
  throw new TypeError(`the embedded ${server} has no address`);
}
