import type { Database } from './database.ts';
import type { MigrateOptions } from './migrate.ts';
import { checkSchema } from './schemaState.ts';

/**
 * Brings everything that billcast keeps in a database up to date: its tables and pg-boss's. The database
 * needs two connections and no time limit.
 * @returns the names of the migrations that ran now
 */
export async function updateSchema(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  // Loaded only here: who merely checks the schema needs neither the migrations nor pg-boss.
  const [{ migrate }, { installQueues }] = await Promise.all([
    import('./migrate.ts'),
    import('./jobQueue.ts'),
  ]);
  const applied = await migrate(database, options);
  await installQueues(database);
  return applied;
}

/**
 * What a process does before it uses a database: the embedded one is its own to change, any other has a
 * person's `migrate` for that.
 * @throws BillcastError SCHEMA_MISMATCH
 */
export async function prepareSchema(
  database: Database,
  { isEmbedded }: { isEmbedded: boolean },
): Promise<void> {
  if (isEmbedded) await updateSchema(database);
  else await checkSchema(database);
}
