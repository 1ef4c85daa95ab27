import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

const open = {
  name: 'open-outcome-cursors',
  text: `
    with least as (
      select count(*) as partitions, coalesce(min(number), 0) as number from outcome_cursor
    ), gone as (
      delete from outcome_cursor where partition >= $1
    ), made as (
      insert into outcome_cursor (partition, number)
      select partition, least.number from generate_series(0, $1 - 1) as partition, least
      where least.partitions <> $1
      on conflict (partition) do update set number = excluded.number
      returning partition, number
    )
    select partition, number from made
    union all
    select partition, number from outcome_cursor where not exists (select from made)
    order by 1`,
};

/**
 * The cursors by partition: up to which number each has acknowledged. If partitions were added to the topic,
 * bills have moved between them: then all cursors begin at the lowest number.
 */
export async function openOutcomeCursors(database: Database, partitions: number): Promise<number[]> {
  const rows = await database.query<[number, string]>(open, [partitions]);
  return rows.map(([, number]) => Number(number));
}

const move = {
  name: 'move-outcome-cursors',
  text: `
    update outcome_cursor c set number = came.number
    from unnest($1::int[], $2::bigint[]) as came (partition, number)
    where c.partition = came.partition and c.number < came.number
      and exists (select from lease where name = $3 and owner = $4)`,
};

/** Moves the cursors of partitions, if the lease is still ours. */
export async function moveOutcomeCursors(
  database: Database,
  moved: ReadonlyMap<number, number>,
  lease: { readonly name: string; readonly owner: DispatcherId },
): Promise<void> {
  await database.query(move, [
    plainArray([...moved.keys()]),
    plainArray([...moved.values()]),
    lease.name,
    lease.owner,
  ]);
}
