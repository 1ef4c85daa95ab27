import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

/** Which dispatchers are working, and what waits for a provider's answer. */
export interface ClusterHealth {
  /** The number of living dispatchers. */
  readonly alive: number;
  /** Names of dispatchers that were silent for longer than the TTL and are not deleted yet. */
  readonly silent: readonly string[];
  /**
   * The template versions of the living dispatchers. There are several while somebody changes the template.
   */
  readonly templateVersions: readonly string[];
  /** The `CHANNELS` of the living dispatchers. There are several lists while somebody changes the setting. */
  readonly channelLists: readonly string[];
  readonly inDoubt: number;
  /** 0 if no bill is in doubt. */
  readonly oldestDoubtMs: number;
}

const health = {
  name: 'cluster-health',
  text: `
    select count(*) filter (where heartbeat_at > now() - $1::float8 * interval '1 ms')::int,
           coalesce(array_agg(name order by name)
             filter (where heartbeat_at <= now() - $1::float8 * interval '1 ms'), '{}'),
           (select count(*)::int from bill_notification where in_doubt_at is not null),
           coalesce((select ${msSince('min(in_doubt_at)')}
             from bill_notification where in_doubt_at is not null), 0),
           coalesce(array_agg(distinct template_version)
             filter (where heartbeat_at > now() - $1::float8 * interval '1 ms'
               and template_version is not null), '{}'),
           coalesce(array_agg(distinct channels)
             filter (where heartbeat_at > now() - $1::float8 * interval '1 ms'
               and channels is not null), '{}')
    from dispatcher`,
};

/** @param claimTtlMs silence after which a dispatcher counts as gone */
export async function readClusterHealth(database: Database, claimTtlMs: number): Promise<ClusterHealth> {
  const [row] = await database.query<[number, string[], number, number, string[], string[]]>(health, [
    claimTtlMs,
  ]);
  const [alive = 0, silent = [], inDoubt = 0, oldestDoubtMs = 0, ...lists] = row ?? [];
  const [templateVersions = [], channelLists = []] = lists;
  return { alive, silent, templateVersions, channelLists, inDoubt, oldestDoubtMs };
}
