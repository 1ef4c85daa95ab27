import { type DayLimits, limitOn, type QuotaName } from '../providers/dayQuota.ts';
import type { Database } from './database.ts';

export interface MailRequest extends QuotaName {
  readonly limits: DayLimits;
  /** The time zone in which days begin and end. */
  readonly timeZone: string;
  readonly count: number;
}

export interface DayOfMails {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly isGranted: boolean;
  /** How many more may be reserved; Infinity without a limit. */
  readonly left: number;
  /** The time until the day ends, by the database's clock. */
  readonly leftMs: number;
}

/**
 * Reserves all or nothing. If its answer is lost and it is repeated, one block of the day is lost: there are
 * never too many.
 */
const reserve = {
  name: 'reserve-warmup-mails',
  text: `
    with clock as materialized (select clock_timestamp() as at),
    today as materialized (select at, (at at time zone $3)::date as day from clock),
    step as (
      select l.per_day
      from unnest($4::date[], $5::bigint[]) as l(first_day, per_day) cross join today
      where l.first_day <= today.day
      order by l.first_day desc
      limit 1
    ),
    granted as (
      insert into warmup_day as w (day, sender, receiver, planned, reserved)
      select today.day, $1, $2, step.per_day, $6::bigint from today cross join step
      where step.per_day is null or step.per_day >= $6::bigint
      on conflict (day, sender, receiver) do update
      set planned = excluded.planned, reserved = w.reserved + excluded.reserved
      where excluded.planned is null or w.reserved + excluded.reserved <= excluded.planned
      returning reserved
    )
    select today.day::text, exists (select from granted),
      coalesce((select reserved from granted),
        (select reserved from warmup_day w where (w.day, w.sender, w.receiver) = (today.day, $1, $2)), 0)::float8,
      extract(epoch from (today.day + 1)::timestamp at time zone $3 - today.at)::float8 * 1000
    from today`,
};

/** Reserves mails of today, by the database's clock. */
export async function reserveMails(
  database: Database,
  { sender, receiver = '', limits, timeZone, count }: MailRequest,
): Promise<DayOfMails> {
  const [row] = await database.query<[string, boolean, number, number]>(reserve, [
    sender,
    receiver,
    timeZone,
    limits.map(({ from }) => from),
    limits.map(({ perDay }) => (Number.isFinite(perDay) ? perDay : null)),
    count,
  ]);
  if (row === undefined) throw new TypeError('the statement gives one row');
  const [day, isGranted, reserved, leftMs] = row;
  return { day, isGranted, left: Math.max(0, limitOn(limits, day) - reserved), leftMs };
}

/** How much of a day is reserved. */
export interface ReservedOfDay extends QuotaName {
  readonly reserved: number;
}

/** The day by the database's clock, and what was reserved of it. */
export interface WarmupToday {
  readonly day: string;
  readonly endsAt: Date;
  readonly reserved: readonly ReservedOfDay[];
}

const today = {
  name: 'warmup-today',
  text: `
    with today as materialized (select (clock_timestamp() at time zone $2)::date as day)
    select today.day::text, (today.day + 1)::timestamp at time zone $2, w.receiver, w.reserved::float8
    from today left join warmup_day w on w.day = today.day and w.sender = $1`,
};

export async function readWarmupToday(
  database: Database,
  { sender, timeZone }: { readonly sender: string; readonly timeZone: string },
): Promise<WarmupToday> {
  const rows = await database.query<[string, Date, string | null, number | null]>(today, [sender, timeZone]);
  const [first] = rows;
  if (first === undefined) throw new TypeError('the statement gives a row at least');
  const [day, endsAt] = first;
  return {
    day,
    endsAt,
    reserved: rows.flatMap(([, , receiver, reserved]) =>
      receiver === null
        ? []
        : [{ sender, receiver: receiver === '' ? undefined : receiver, reserved: reserved ?? 0 }],
    ),
  };
}
