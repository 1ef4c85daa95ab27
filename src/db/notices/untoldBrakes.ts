import type { BrakeKind } from '../../policy/brake/verdict.ts';
import type { RouteName } from '../../providers/providerShares.ts';
import type { Database } from '../database.ts';

/** A change of a brake for which there is no notice yet. */
export type BrakeChange = {
  readonly key: string;
  /** A channel, or one of its providers. */
  readonly brake: RouteName;
  readonly at: Date;
  readonly by: string;
} & (
  | { readonly change: 'on'; readonly kind: BrakeKind; readonly cause: string | null }
  | { readonly change: 'off' }
);

const select = {
  name: 'untold-brakes',
  text: `
    with change as (
      select channel, true as is_on, since as at, set_by as by, kind, cause from brake where kind is not null
      union all
      select channel, false, released_at, released_by, null, null from brake where released_at is not null
    ), keyed as (
      select *, format('brake/%s/%s/%s', channel, case when is_on then 'on' else 'off' end,
                       extract(epoch from at)) as key
      from change
      where at > now() - $1::float8 * interval '1 ms'
    )
    select key, channel, is_on, at, by, kind, cause from keyed
    where not exists (select from notice n where n.key = keyed.key)
    order by at`,
};

/**
 * Changes within the last `withinMs`. If a brake went on and off between two calls, only the second change is
 * seen.
 */
export async function selectUntoldBrakes(database: Database, withinMs: number): Promise<BrakeChange[]> {
  const rows = await database.query<
    [string, RouteName, boolean, Date, string | null, BrakeKind | null, string | null]
  >(select, [withinMs]);
  return rows.map(([key, brake, isOn, at, by, kind, cause]) => {
    const change = { key, brake, at, by: by ?? '' };
    return isOn && kind !== null ? { ...change, change: 'on', kind, cause } : { ...change, change: 'off' };
  });
}
