import type { Database } from '../database.ts';
import { queryCount } from '../sql.ts';
import type { Statement } from '../statement.ts';

/** Finds one run that nobody has changed for long. Its rows are then found by its number. */
function oldRun(table: string, among: string): string {
  return `old_run as (
      select r.number from run r
      where r.state <> 'RUNNING' and r.changed_at < now() - $1::float8 * interval '1 day'
        and exists (select 1 from ${table} one where one.run = r.number and ${among})
      order by r.number
      limit 1
    )`;
}

function purgeOf(table: 'test_send' | 'run_canary', among: string): Statement {
  return {
    name: `purge-${table}`,
    text: `
    with ${oldRun(table, among)}, page as (
      select one.ctid from ${table} one, old_run
      where one.run = old_run.number and ${among}
      limit $2
      for update of one skip locked
    ), gone as (
      delete from ${table} one using page where one.ctid = page.ctid returning 1
    )
    select count(*)::int from gone`,
  };
}

/**
 * Kept by their own age: somebody may have sent one to a seed address of an old run yesterday, and it must
 * not be sent twice.
 */
const testSends = purgeOf('test_send', `one.begun_at < now() - $1::float8 * interval '1 day'`);
const canaries = purgeOf('run_canary', 'true');

/**
 * Deletes what is stored per bill of one run that was last changed more than `days` ago; returns how many
 * rows.
 */
export async function purgeRunRows(
  database: Database,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const sent = await queryCount(database, testSends, [days, limit]);
  return sent > 0 ? sent : queryCount(database, canaries, [days, limit]);
}
