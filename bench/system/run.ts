import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../src/db/database.ts';
import type { BenchOptions } from '../options.ts';
import { type BenchServers, benchDir, connect } from './benchServers.ts';
import { childEnvironment } from './childEnvironment.ts';
import { type BenchDatabase, copySeedDatabase } from './databases.ts';
import { createRunTopics, type RunTopics } from './topics.ts';

/** A fresh database and fresh topics, for one measurement. */
export interface Run {
  readonly name: string;
  readonly servers: BenchServers;
  readonly database: Database;
  readonly topics: RunTopics;
  /** What the measured processes are started with. */
  readonly env: NodeJS.ProcessEnv;
}

/** Lends a run to some work, and removes it whatever happens. */
export const lendRun = async <T>(
  about: {
    readonly name: string;
    readonly servers: BenchServers;
    readonly seed: BenchDatabase;
    readonly options: BenchOptions;
  },
  work: (run: Run) => Promise<T>,
): Promise<T> => {
  const { servers, seed, options } = about;
  const copy = await copySeedDatabase(servers, seed, about.name);
  const topics = await createRunTopics(servers, copy.name);
  const database = connect(servers, copy.url);
  const env = childEnvironment({ name: copy.name, servers, database: copy, topics, options });
  try {
    return await work({ name: about.name, servers, database, topics, env });
  } finally {
    await database.close();
    await Promise.all([
      topics.delete(),
      copy.drop(),
      rm(join(benchDir, `${copy.name}.jsonl`), { force: true }),
    ]);
  }
};
