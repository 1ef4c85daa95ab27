import type { Database } from '../database.ts';
import { queryCount } from '../sql.ts';

/*
 * Deletes only from the start of the feed, so that the rest has no gaps. Outcomes that the topic, or an
 * enabled endpoint, has not received yet are not deleted.
 */
const purge = {
  name: 'purge-outcomes',
  text: `
    with free as (
      select least(
        coalesce((select min(number) from outcome_cursor), 0),
        (select min(least(through, replay_after)) from webhook_endpoint where disabled_at is null)
      ) as through
    ), page as (
      select number, at from outcome_feed, free where number <= free.through order by number limit $2
    ), old as (
      select coalesce(min(number) filter (where at >= now() - make_interval(days => $1)) - 1, max(number)) as through
      from page
    ), gone as (
      delete from outcome_feed f using old where f.number <= old.through returning f.number
    )
    select count(*)::int from gone`,
};

/** Deletes outcomes that are older than `days`, at most `limit`; returns how many. */
export function purgeOutcomes(
  database: Database,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  return queryCount(database, purge, [days, limit]);
}
