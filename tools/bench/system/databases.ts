import { updateSchema } from '../../../src/db/schema.ts';
import { type BenchServers, connect } from './benchServers.ts';

/** A database of the benchmark. `drop` removes it even if somebody is connected. */
export interface BenchDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** A new database with the current schema, for the sample data that each run copies. */
export async function createSeedDatabase(servers: BenchServers): Promise<BenchDatabase> {
  const name = `billcast_bench_${Date.now().toString(36)}`;
  await runOnServer(servers, `create database ${name}`);
  const made = benchDatabase(servers, name);
  const database = connect(servers, made.url);
  try {
    await updateSchema(database);
  } finally {
    await database.close();
  }
  return made;
}

/** A copy of the sample data after a checkpoint, so that no run pays for the writes of another. */
export async function copySeedDatabase(
  servers: BenchServers,
  seed: BenchDatabase,
  run: string,
): Promise<BenchDatabase> {
  const name = `${seed.name}_${run}`;
  await runOnServer(servers, `create database ${name} template ${seed.name} strategy file_copy`);
  await runOnServer(servers, 'checkpoint');
  return benchDatabase(servers, name);
}

function benchDatabase(servers: BenchServers, name: string): BenchDatabase {
  const url = new URL(servers.databaseUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: () => runOnServer(servers, `drop database if exists ${name} with (force)`),
  };
}

async function runOnServer(servers: BenchServers, text: string): Promise<void> {
  const server = connect(servers, servers.databaseUrl);
  try {
    await server.withConnection((connection) => connection.run(text));
  } finally {
    await server.close();
  }
}
