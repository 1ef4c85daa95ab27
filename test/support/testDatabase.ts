import { randomUUID } from 'node:crypto';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { updateSchema } from '../../src/db/schema.ts';
import { createLogger } from '../../src/log/log.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the connections and drops the database, whoever is still connected. Can be called twice. */
  drop(): Promise<void>;
}

/**
 * A new, migrated database on the given server, or else on the one of DATABASE_URL.
 * @throws Error if DATABASE_URL is not set
 */
export async function createTestDatabase(serverUrl = requireServerUrl()): Promise<TestDatabase> {
  const name = `billcast_test_${randomUUID().replaceAll('-', '')}`;
  const url = urlOf(serverUrl, name);
  await runOnServer(serverUrl, `create database ${name}`);
  const database = connect(url);
  const drop = async (): Promise<void> => {
    await database.close();
    await runOnServer(serverUrl, `drop database if exists ${name} with (force)`);
  };
  try {
    await updateSchema(database);
  } catch (error) {
    await drop();
    throw error;
  }
  return { database, url, drop };
}

function connect(url: string): Database {
  return createDatabase({
    url,
    poolSize: 8,
    log: createLogger({ level: 'silent', pretty: false }),
    patienceMs: 5_000,
  });
}

function requireServerUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) {
    throw new Error(
      'Set DATABASE_URL to a PostgreSQL server that tests may create databases on: run npm test',
    );
  }
  return url;
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function runOnServer(serverUrl: string, text: string): Promise<void> {
  const server = connect(serverUrl);
  try {
    await server.withConnection((connection) => connection.run(text));
  } finally {
    await server.close();
  }
}
