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

/** The setting with the name of a migrated database on the server of DATABASE_URL, to be copied. */
const templateSetting = 'TEST_TEMPLATE_DATABASE';

/** Makes the database that all test databases of this process and its children are copied from. */
export async function makeTemplateDatabase(): Promise<Pick<TestDatabase, 'drop'>> {
  const { database, url, drop } = await createTestDatabase();
  // Nobody may be connected to a database that is copied.
  await database.close();
  process.env[templateSetting] = new URL(url).pathname.slice(1);
  return { drop };
}

/**
 * A new, migrated database on the given server, or else on the one of DATABASE_URL.
 * @throws Error if DATABASE_URL is not set
 */
export async function createTestDatabase(serverUrl = requireServerUrl()): Promise<TestDatabase> {
  const name = `billcast_test_${randomUUID().replaceAll('-', '')}`;
  const url = urlOf(serverUrl, name);
  const template = serverUrl === process.env.DATABASE_URL ? process.env[templateSetting] : undefined;
  await runOnServer(serverUrl, `create database ${name} template ${template ?? 'template1'}`);
  const database = connect(url);
  const drop = async (): Promise<void> => {
    await database.close();
    await runOnServer(serverUrl, `drop database if exists ${name} with (force)`);
  };
  try {
    if (template === undefined) await updateSchema(database);
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
