import type { Database } from '../database.ts';

const open = { name: 'has-open-batches', text: 'select exists (select from claim_batch)' };

/** Whether a dispatcher holds claimed bills: those on their way to a provider. */
export async function hasOpenBatches(database: Database): Promise<boolean> {
  const [[isOpen] = [false]] = await database.query<[boolean]>(open);
  return isOpen;
}
