import { isOfMonth } from '../source/billTables.ts';
import { countColumns, countFilters, countNames, windowNames } from './countNames.ts';
import { isOfMonthByWindow, lastCounted, monthVerdicts } from './monthByWindow.ts';

/**
 * Which kept counts are read: those of all bills, or of a month. Parts of the statement in `keptCounts.ts`.
 */
export interface CountScope {
  /**
   * Common table expressions: `kept`, a row per counted window, and `known`, whose `is_whole` says whether
   * all windows but the last ones are counted.
   */
  readonly windows: string;
  /** Rows of `bill_move`; `counts` says whether they have to be added. */
  readonly moves: string;
  /** A condition on the bill of a row. */
  isMeant(row: string): string;
  /** The number of rows in another relation; 0 if they belong to no month. */
  also(rows: string): string;
}

export const ofAllBills: CountScope = {
  windows: `kept as (
      select ${windowNames.join(', ')}, drift, counted_at from bill_count where counted_at is not null
    ), known as (
      select bool_and(counted_at is not null) as is_whole from bill_count where first_id <= ${lastCounted}
    )`,
  moves: `select m.*, true as counts from bill_move m join bill_count c using (first_id)
        where c.counted_at is not null`,
  isMeant: () => 'true',
  also: (rows) => `(select count(*) from ${rows})`,
};

/** How many windows with bills of several months one statement may count. */
const mostMixed = 3;

/**
 * The moves of a window count if all its bills are of the month. In a window with several months, nobody
 * knows which month its moves belong to: the first few such windows are counted now, the others keep their
 * last counts.
 */
export const ofOneMonth: CountScope = {
  windows: `${monthVerdicts('$3')}, part as materialized (
      select c.first_id, c.last_id, c.counted_at, c.has_months, c.drift, c.total as of_all,
             m.billing_month is not null and c.counted_at is not null as has_some,
             ${windowNames.map((name) => `m.${name}`).join(', ')}
      from bill_count c
        left join bill_month_count m on m.first_id = c.first_id and m.billing_month = $3::date
    ), known as (
      select bool_and(counted_at is not null and has_months) as is_whole from part
      where first_id <= ${lastCounted}
    ), recounted as (
      select mixed.first_id, now_counted.*
      from (
        select p.first_id, p.last_id from part p
        where p.has_some and p.total < p.of_all
          and exists (select from bill_move m where m.first_id = p.first_id)
        order by p.first_id limit ${mostMixed}
      ) mixed cross join lateral (
        select ${countColumns(countNames, countFilters('n', '$1'))} from bill_notification n
        where n.bill_id between mixed.first_id and mixed.last_id and ${isOfMonth('n', '$3')}
      ) now_counted
    ), kept as (
      select ${windowNames.map(keptOrRecounted).join(', ')}, p.drift, p.counted_at
      from part p left join recounted r using (first_id) where p.has_some
    )`,
  moves: `select m.*, p.total = p.of_all as counts from bill_move m join part p using (first_id)
        where p.has_some`,
  isMeant: (row) => isOfMonthByWindow(row, '$3'),
  also: () => '0',
};

function keptOrRecounted(name: (typeof windowNames)[number]): string {
  const isRecounted = countNames.some((counted) => counted === name);
  return isRecounted ? `coalesce(r.${name}, p.${name}) as ${name}` : `p.${name}`;
}
