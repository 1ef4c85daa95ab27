import { userInfo } from 'node:os';
import { type Config, loadConfig } from '../config/loadConfig.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { prepareSchema } from '../db/schema.ts';
import { type Endpoints, resolveEndpoints } from '../embedded/resolveEndpoints.ts';
import { createLogger, type Logger } from '../log/log.ts';

/** What a verb works with: settings, servers and a database whose schema is up to date. */
export interface System {
  readonly config: Config;
  readonly servers: Endpoints;
  readonly database: Database;
  readonly log: Logger;
}

/** What a person at a terminal wants of the log unless they say otherwise: the facts are printed anyway. */
export const quietLevel = 'warn';

/** How long a verb waits for a server that is away before it says so. */
const patienceMs = 5_000;

/**
 * Opens the system for one verb and closes it whatever happens. Progress goes to standard error.
 * @throws BillcastError SCHEMA_MISMATCH if the database is not the embedded one and somebody has to migrate it
 */
export async function withSystem<T>(
  work: (system: System) => Promise<T>,
  { readsOnly = false } = {},
): Promise<T> {
  const config = loadConfig();
  const log = createLogger({ level: config.logLevel ?? quietLevel, pretty: !config.production });
  const servers = await resolveEndpoints(config, tell);
  try {
    const database = createDatabase({
      url: servers.databaseUrl,
      poolSize: 3,
      log,
      patienceMs,
      target: readsOnly ? 'any' : 'primary',
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

/** For a verb that changes nothing: a role that may only read, and a standby, will do. */
export function withReadOnlySystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  return withSystem(work, { readsOnly: true });
}

/** Says something to the person at the terminal, beside the facts on standard output. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Prints facts: one line of JSON, or a line each for people. */
export function printFacts(facts: object, { json }: { json?: boolean | undefined }): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) {
    process.stdout.write(
      `${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en') : value}\n`,
    );
  }
}

/** Who asks, for the journal and the switches. */
export function personAtTerminal(): string {
  try {
    return `person ${userInfo().username}`;
  } catch {
    return `person ${process.getuid?.() ?? 'unknown'}`;
  }
}
