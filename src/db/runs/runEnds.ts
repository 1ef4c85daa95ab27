import type { Selection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { billsAmong } from '../source/selectedBills.ts';
import { walkWindows } from '../windows.ts';

/** The results of a run's bills. */
export interface RunEnds {
  /** Bills that move without a person: they are on their way, wait, or are sent again. */
  readonly open: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly inDoubt: number;
}

/** A late answer may still settle a doubt that is younger than this. */
const youngDoubt = `n.in_doubt_at > now() - interval '1 minute'`;

/**
 * Counts in parts, in the order of ids. It stops after the first part with an open bill: then the counts are
 * of the bills up to there.
 */
export async function readRunEnds(database: Database, run: number, selection: Selection): Promise<RunEnds> {
  const { name, rows, id, value } = billsAmong(selection);
  const statement = {
    name: `run-ends-${name}`,
    text: `
    with part as materialized (
      select n.bill_id, n.run, n.send_status, n.retransmit_at, n.in_doubt_at from ${rows} and ${id} > $3::bigint
      order by ${id} limit $4
    ), mine as (select * from part n where n.run = $2)
    select (select count(*)::int from part), (select max(bill_id) from part),
           count(*) filter (where n.send_status in ('PENDING', 'SENDING', 'SENT') or n.retransmit_at is not null
             or (n.send_status = 'IN_DOUBT' and ${youngDoubt}))::int,
           count(*) filter (where n.send_status = 'DELIVERED')::int,
           count(*) filter (where n.send_status = 'FAILED')::int,
           count(*) filter (where n.send_status = 'CANCELLED')::int,
           count(*) filter (where n.send_status = 'IN_DOUBT')::int
    from mine n`,
  };
  let ends = { open: 0, delivered: 0, failed: 0, cancelled: 0, inDoubt: 0 };
  for await (const counts of walkWindows(database, statement, [value, run])) {
    const [open = 0, delivered = 0, failed = 0, cancelled = 0, inDoubt = 0] = counts;
    ends = {
      open,
      delivered: ends.delivered + delivered,
      failed: ends.failed + failed,
      cancelled: ends.cancelled + cancelled,
      inDoubt: ends.inDoubt + inDoubt,
    };
    if (open > 0) break;
  }
  return ends;
}

const flowing = {
  name: 'is-anything-flowing',
  text: `
    select exists (select from claim_batch) or exists (
      select from bill_notification where publish_status = 'PENDING' and not_before <= now())`,
};

/** Whether a dispatcher holds bills, or an event is owed: then it is no time to read many rows. */
export async function isAnythingFlowing(database: Database): Promise<boolean> {
  const [row] = await database.query<[boolean]>(flowing);
  return row?.[0] ?? false;
}
