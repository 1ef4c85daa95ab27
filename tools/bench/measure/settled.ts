import type { Database } from '../../../src/db/database.ts';
import type { Latency } from './latency.ts';

/** How the bills of a run were settled, by the database's own clock. */
export interface Settled {
  readonly bills: number;
  readonly failed: number;
  /** Bills that were delivered by SMS. */
  readonly bySms: number;
  /** Between the bill at 10 % and the one at 90 % in the order of their settling. */
  readonly steadyBillsPerSecond: number;
  /** When the bills at 10 % and at 90 % were settled, in milliseconds since 1970. */
  readonly steadyMs: readonly [number, number];
  /** From the first event (or the first hand-off, if all events existed before) to the last bill. */
  readonly wholeBillsPerSecond: number;
  /** From the event's publication; null if that was before the start. */
  readonly eventToHandOff: Latency | null;
  readonly eventToSettled: Latency | null;
  readonly handOffToSettled: Latency;
}

/** Whether all bills are settled. It is called repeatedly, so it stops at the first bill that is not. */
export async function allSettled(database: Database, lastBillId: number): Promise<boolean> {
  const rows = await database.query(
    {
      name: 'any-unsettled',
      text: `
        select 1 from bill_notification
        where bill_id <= $1 and send_status not in ('DELIVERED', 'FAILED') limit 1`,
    },
    [lastBillId],
  );
  return rows.length === 0;
}

export async function readSettled(database: Database, lastBillId: number): Promise<Settled> {
  const [row] = await database.query<[Settled]>({ name: 'read-settled', text: settledText }, [lastBillId]);
  if (row === undefined) throw new Error('no bill was settled');
  return row[0];
}

/** Of bills delivered by e-mail only: a turn to SMS is published a second time. */
function latency(from: string, to: string): string {
  return `(
  select json_build_object('p50', q[1], 'p99', q[2], 'max', q[3]) from (
    select percentile_cont(array[0.5, 0.99, 1]) within group (order by extract(epoch from ${to} - ${from}) * 1000) q
    from straight where ${from} is not null) quantile where q is not null)`;
}

const settledText = `
  with settled as (
    select n.*, row_number() over (order by changed_at) as place, count(*) over () as total
    from bill_notification n where bill_id <= $1 and send_status in ('DELIVERED', 'FAILED')
  ), straight as (
    select * from settled where channel = 'EMAIL' and send_status = 'DELIVERED'
  ), steady as (
    select count(*) - 1 as bills, extract(epoch from min(changed_at)) as since, extract(epoch from max(changed_at)) as until
    from settled where place between total * 0.1 and total * 0.9
  ), whole as (
    select count(*) as bills, extract(epoch from max(changed_at) - coalesce(min(published_at), min(handed_off_at))) as seconds
    from settled
  )
  select json_build_object(
    'bills', whole.bills,
    'failed', (select count(*) from settled where send_status = 'FAILED'),
    'bySms', (select count(*) from settled where send_status = 'DELIVERED' and channel = 'SMS'),
    'steadyBillsPerSecond', steady.bills / nullif(until - since, 0),
    'steadyMs', json_build_array(since * 1000, until * 1000),
    'wholeBillsPerSecond', whole.bills / nullif(whole.seconds, 0),
    'eventToHandOff', ${latency('published_at', 'handed_off_at')},
    'eventToSettled', ${latency('published_at', 'changed_at')},
    'handOffToSettled', ${latency('handed_off_at', 'changed_at')})
  from steady, whole`;
