/** How a move changes the counts of its window, per bill. */
export type CountedMove = Partial<Record<CountedColumn, number>>;

/** The counted columns of `bill_count` and `bill_move` that moves change. */
export const countedColumns = ['held', 'owed', 'delivered', 'cancelled', 'failed', 'sms'] as const;
export type CountedColumn = (typeof countedColumns)[number];

/** Persons and the sweeper share one row per window. */
const commonSource = `'00000000-0000-0000-0000-000000000000'::uuid`;

/**
 * Counts the moved bills in the statement that moves them, as the common table expression `counted`. A move
 * that changes no count is recorded too, so that its window is counted again soon. If there are no windows,
 * nothing is written.
 * @param moved the relation of the moved rows, with `bill_id`
 */
export function countedMove(moved: string, move: CountedMove): string {
  const columns = countedColumns.filter((column) => move[column] !== undefined);
  const names = columns.map((column) => `, ${column}`).join('');
  const sums = columns.map((column) => `, count(*) * ${move[column]}`).join('');
  const added = columns.map((column) => `${column} = bill_move.${column} + excluded.${column}, `).join('');
  return `counted as (
      insert into bill_move (first_id, source, seq${names})
      select part.first_id, ${commonSource}, 0${sums}
      from ${moved} cross join lateral (
        select c.first_id from bill_count c where c.first_id <= ${moved}.bill_id order by c.first_id desc limit 1
      ) part
      group by part.first_id
      order by part.first_id
      on conflict (first_id, source) do update set ${added}at = now()
    )`;
}
