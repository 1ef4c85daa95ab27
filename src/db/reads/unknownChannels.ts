import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** Bills that wait on a channel that `CHANNELS` does not name. */
export interface UnknownChannel {
  readonly channel: string;
  readonly bills: number;
}

/**
 * Uses the indexes of held and of owed rows: nothing of these bills goes out, so they stay in one of the two.
 */
const count = {
  name: 'unknown-channels',
  text: `
    select channel, count(*)::float8
    from (
      select channel from bill_notification where publish_status = 'HELD' and channel <> all($1::text[])
      union all
      select channel from bill_notification where publish_status = 'PENDING' and channel <> all($1::text[])
    ) unknown
    group by channel
    order by channel`,
};

/** Counts them by a scan of what is held or owed: about a second per million. */
export async function countUnknownChannels(
  database: Database,
  used: readonly Channel[],
): Promise<UnknownChannel[]> {
  const rows = await database.query<[string, number]>(count, [plainArray(used)]);
  return rows.map(([channel, bills]) => ({ channel, bills }));
}
