import { createDatabase } from '../db/database.ts';
import { updateSchema } from '../db/schema.ts';
import { startEmbedded } from '../embedded/openEmbedded.ts';
import { createLogger } from '../log/log.ts';

type StartOptions = Parameters<typeof startEmbedded>[0];
type EmbeddedFacts = Awaited<ReturnType<typeof startEmbedded>>;

/**
 * Starts the embedded servers, leaves them running, and creates the tables.
 * @returns the servers' addresses
 */
export async function startEmbeddedServers(options: StartOptions): Promise<EmbeddedFacts> {
  const servers = await startEmbedded(options);
  if (servers.databaseUrl !== undefined) await updateEmbeddedSchema(servers.databaseUrl);
  return servers;
}

async function updateEmbeddedSchema(url: string): Promise<void> {
  const log = createLogger({ level: 'silent', pretty: false });
  const database = createDatabase({ url, poolSize: 3, log, patienceMs: 5_000 });
  try {
    await updateSchema(database);
  } finally {
    await database.close();
  }
}
