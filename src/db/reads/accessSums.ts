import type { Database } from '../database.ts';

/** How often one person did something in a month. */
export interface AccessSum {
  readonly who: string;
  readonly what: string;
  /** Without accesses that were only begun, or refused. */
  readonly count: number;
  readonly bills: number;
  readonly refused: number;
  /** How many of them happened between 22 and 6 h, or on a weekend. */
  readonly offHours: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Whether the person had done the same in an earlier month. */
  readonly before: boolean;
}

const sum = {
  name: 'sum-access-records',
  text: `
    select who, what,
           count(*) filter (where result in ('done', 'failed'))::int,
           coalesce(sum(bills) filter (where result = 'done'), 0)::int,
           count(*) filter (where result = 'refused')::int,
           count(*) filter (where result in ('done', 'failed') and (
             extract(hour from at at time zone $3) not between 6 and 21
             or extract(isodow from at at time zone $3) > 5))::int,
           min(at), max(at),
           exists (select from access_record e where e.who = a.who and e.what = a.what and e.at < $1
             and e.result <> 'refused')
    from access_record a
    where at >= $1::timestamptz and at < $2::timestamptz
    group by who, what
    order by who, what`,
};

/** Adds up the access records of a period by person and kind. */
export async function sumAccessRecords(
  database: Database,
  { from, until, timeZone }: { from: Date; until: Date; timeZone: string },
): Promise<AccessSum[]> {
  const rows = await database.query<[string, string, number, number, number, number, Date, Date, boolean]>(
    sum,
    [from, until, timeZone],
  );
  return rows.map(([who, what, count, bills, refused, offHours, firstAt, lastAt, before]) => ({
    who,
    what,
    count,
    bills,
    refused,
    offHours,
    firstAt,
    lastAt,
    before,
  }));
}
