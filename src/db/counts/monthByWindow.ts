import { isOfMonth } from '../source/billTables.ts';

/**
 * Decides whether bills are of a month by the windows of `bill_count`: most windows have bills of one month
 * only, so few bills are looked up. The common table expression `verdict` has one row with two arrays:
 * `firsts`, where windows begin, and `verdicts`: 0 no bill of this month, 1 all of this month, 2 look the
 * bill up.
 */
export function monthVerdicts(month: `$${number}`): string {
  return `verdict as materialized (
      select array_agg(c.first_id order by c.first_id) as firsts,
             array_agg(case when c.counted_at is null or not c.has_months or c.first_id = ${lastCounted} then 2
               when m.first_id is null then 0 when m.total = c.total then 1 else 2 end
               order by c.first_id) as verdicts
      from bill_count c
        left join bill_month_count m on m.first_id = c.first_id and m.billing_month = ${month}::date
    )`;
}

/** The last id of the last count. Bills may have been added behind it. */
export const lastCounted = `(
          select c.first_id from bill_count c where c.counted_at is not null order by c.first_id desc limit 1)`;

/** A condition on the bill of a row, for use with `monthVerdicts`. */
export function isOfMonthByWindow(row: string, month: `$${number}`): string {
  const window = `width_bucket(${row}.bill_id, (select firsts from verdict))`;
  return `case (select verdicts from verdict)[${window}]
          when 0 then false when 1 then true else ${isOfMonth(row, month)} end`;
}
