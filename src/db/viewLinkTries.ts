import type { Database } from './database.ts';

/** A link belongs to one bill and one cycle. */
export interface TriedLink {
  readonly billId: string;
  readonly cycle: number;
}

const count = {
  name: 'count-view-link-try',
  text: `
    insert into view_link_try as t (bill_id, cycle, tries) values ($1::bigint, $2, 1)
    on conflict (bill_id, cycle) do update set tries = t.tries + 1, last_at = now()
    where t.tries < $3
    returning tries`,
};

/**
 * Counts a try before it is judged, so that simultaneous tries count as well.
 * @returns how many tries there were, including this one; undefined if there were `most` before
 */
export async function countViewLinkTry(
  database: Database,
  { billId, cycle }: TriedLink,
  most: number,
): Promise<number | undefined> {
  const [row] = await database.query<[number]>(count, [billId, cycle, most]);
  return row?.[0];
}

const clear = {
  name: 'clear-view-link-tries',
  text: 'delete from view_link_try where bill_id = $1::bigint and cycle = $2',
};

/** After a right answer the tries before it no longer count. */
export async function clearViewLinkTries(database: Database, { billId, cycle }: TriedLink): Promise<void> {
  await database.query(clear, [billId, cycle]);
}
