import type { Database } from './database.ts';
import type { MigrateOptions } from './migrate.ts';
import { checkSchema } from './schemaState.ts';

/**
 * Brings billcast's tables and pg-boss's up to date. The database needs two connections and no time limit.
 * @returns the names of the migrations that ran now
 */
export async function updateSchema(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  // Loaded only here: a mere check of the schema needs neither the migrations nor pg-boss.
  const [{ migrate }, { installQueues }] = await Promise.all([
    import('./migrate.ts'),
    import('./jobQueue.ts'),
  ]);
  const applied = await migrate(database, options);
  await installQueues(database);
  return applied;
}

/**
 * Called by a process before it uses a database. billcast updates the embedded one itself; any other is left
 * to a person's `migrate`.
 * @throws BillcastError SCHEMA_MISMATCH
 */
export async function prepareSchema(
  database: Database,
  { isEmbedded }: { isEmbedded: boolean },
): Promise<void> {
  if (isEmbedded) await updateSchema(database);
  else await checkSchema(database);
}
