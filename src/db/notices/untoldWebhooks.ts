import type { Database } from '../database.ts';

/** A webhook that was given up, for which there is no notice yet. */
export interface DisabledWebhook {
  readonly key: string;
  readonly id: string;
  readonly at: Date;
  /** In our own words. */
  readonly why: string;
}

const select = {
  name: 'untold-webhooks',
  text: `
    with keyed as (
      select format('webhook/%s/%s', id, extract(epoch from disabled_at)) as key, id, disabled_at, disabled_why
      from webhook_endpoint
      where disabled_at > now() - $1::float8 * interval '1 ms'
    )
    select key, id, disabled_at, disabled_why from keyed
    where not exists (select from notice n where n.key = keyed.key)
    order by disabled_at`,
};

/** Those that were disabled within the last `withinMs`. */
export async function selectUntoldWebhooks(database: Database, withinMs: number): Promise<DisabledWebhook[]> {
  const rows = await database.query<[string, string, Date, string]>(select, [withinMs]);
  return rows.map(([key, id, at, why]) => ({ key, id, at, why }));
}
