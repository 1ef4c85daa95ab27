import type { Database } from './database.ts';

const set = {
  name: 'expect-sms',
  text: `
    insert into sms_expectation (billing_month, sms_share, published_at) values ($1::date, $2, now())
    on conflict (billing_month) do update
    set sms_share = coalesce(excluded.sms_share, sms_expectation.sms_share), published_at = now()
    returning sms_share`,
};

/**
 * Records that a month is published now, and what share of its bills may go by SMS. The month published last
 * sets the limit of the brake. If no share was stated, now or before, `SMS_TURN_STOP_RATE` is the limit.
 * @param month its first day, `YYYY-MM-DD`
 * @returns the expected share; null if nobody stated one
 */
export async function expectSms(
  database: Database,
  { month, share }: { readonly month: string; readonly share?: number | undefined },
): Promise<number | null> {
  const [row] = await database.query<[number | null]>(set, [month, share ?? null]);
  return row?.[0] ?? null;
}
