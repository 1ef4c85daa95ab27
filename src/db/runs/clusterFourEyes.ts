import type { Database } from '../database.ts';

const ask = {
  name: 'cluster-four-eyes',
  text: `
    select exists (
      select from dispatcher where four_eyes and heartbeat_at > now() - $1::float8 * interval '1 ms')`,
};

/** Whether a living dispatcher was started with FOUR_EYES. */
export async function hasFourEyes(database: Database, claimTtlMs: number): Promise<boolean> {
  const [row] = await database.query<[boolean]>(ask, [claimTtlMs]);
  return row?.[0] ?? false;
}
