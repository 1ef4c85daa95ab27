import { type Config, loadConfig } from '../config/loadConfig.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { prepareSchema } from '../db/schema.ts';
import { type Endpoints, resolveEndpoints } from '../embedded/resolveEndpoints.ts';
import { createLogger, type Logger } from '../log/log.ts';
import type { OperationDeps } from '../operations/operationDeps.ts';
import { printNote } from './output.ts';

/** What a command works with: settings, servers and a database whose schema is up to date. */
export interface System {
  readonly config: Config;
  readonly servers: Endpoints;
  readonly database: Database;
  readonly log: Logger;
}

/** Facts are printed anyway, so the log is quiet; `LOG_LEVEL` shows more. */
export const quietLevel = 'warn';

/** How long a command waits for an unreachable server before it reports it. */
const patienceMs = 5_000;

/**
 * Opens the system for one command and always closes it. Progress goes to standard error.
 * @throws BillcastError SCHEMA_MISMATCH if the database is not the embedded one and has to be migrated
 */
export async function withSystem<T>(
  work: (system: System) => Promise<T>,
  { readsOnly = false } = {},
): Promise<T> {
  const config = loadConfig();
  const log = createLogger({ level: config.logLevel ?? quietLevel, pretty: !config.production });
  const servers = await resolveEndpoints(config, printNote);
  try {
    const database = createDatabase({
      url: servers.databaseUrl,
      poolSize: 3,
      log,
      patienceMs,
      target: readsOnly ? 'any' : 'primary',
      source: config.source,
    });
    try {
      await prepareSchema(database, { isEmbedded: servers.embedded.postgres });
      return await work({ config, servers, database, log });
    } finally {
      await database.close();
    }
  } finally {
    await servers.close();
  }
}

/** For a command that changes nothing: a role that may only read, and a standby, are enough. */
export function withReadOnlySystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  return withSystem(work, { readsOnly: true });
}

/** The same with a Kafka client. It is loaded only now: most commands need none. */
export async function withKafka(system: System): Promise<OperationDeps> {
  const { createKafka } = await import('../kafka/kafkaClient.ts');
  const { config, servers, database, log } = system;
  const kafka = createKafka({
    brokers: servers.kafkaBrokers,
    security: config.kafka.security,
    clientId: 'billcast-cli',
    log,
  });
  return { config, database, kafka, log };
}
