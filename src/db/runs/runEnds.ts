import type { BillId } from '../../bill.ts';
import type { Selection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { billsAmong } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';

/** What has become of the bills of a run. */
export interface RunEnds {
  /** Bills that somebody but a person will move: they are on their way, wait, or are sent again. */
  readonly open: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly inDoubt: number;
}

/** A doubt that is older than this is not settled by a late answer. */
const youngDoubt = `n.in_doubt_at > now() - interval '1 minute'`;

/** A statement that reads more could take longer than a statement may. */
const billsPerPart = 50_000;

const none: RunEnds = { open: 0, delivered: 0, failed: 0, cancelled: 0, inDoubt: 0 };

/**
 * Counts in parts, in the order of the ids. It ends with the first part that has an open bill: then the
 * counts are of the bills up to there.
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
    select (select max(bill_id) from part), (select count(*)::int from part),
           count(*) filter (where n.send_status in ('PENDING', 'SENDING', 'SENT') or n.retransmit_at is not null
             or (n.send_status = 'IN_DOUBT' and ${youngDoubt}))::int,
           count(*) filter (where n.send_status = 'DELIVERED')::int,
           count(*) filter (where n.send_status = 'FAILED')::int,
           count(*) filter (where n.send_status = 'CANCELLED')::int,
           count(*) filter (where n.send_status = 'IN_DOUBT')::int
    from mine n`,
  };
  let ends = none;
  for (let after: string | null = beforeAllBills; after !== null && ends.open === 0; ) {
    const [row]: PartRow[] = await database.query<PartRow>(statement, [value, run, after, billsPerPart]);
    const [last, bills, open, delivered, failed, cancelled, inDoubt]: PartRow = row ?? emptyPart;
    ends = plus(ends, { open, delivered, failed, cancelled, inDoubt });
    after = bills < billsPerPart ? null : last;
  }
  return ends;
}

type PartRow = [
  ...[last: BillId | null, bills: number, open: number],
  ...[delivered: number, failed: number, cancelled: number, inDoubt: number],
];

const emptyPart: PartRow = [null, 0, 0, 0, 0, 0, 0];

function plus(one: RunEnds, other: RunEnds): RunEnds {
  return {
    open: one.open + other.open,
    delivered: one.delivered + other.delivered,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    inDoubt: one.inDoubt + other.inDoubt,
  };
}
const flowing = {
  name: 'is-anything-flowing',
  text: `
    select exists (select from claim_batch) or exists (
      select from bill_notification where publish_status = 'PENDING' and not_before <= now())`,
};

/** Whether a dispatcher holds bills, or an event is owed: no time to read many rows. */
export async function isAnythingFlowing(database: Database): Promise<boolean> {
  const [row] = await database.query<[boolean]>(flowing);
  return row?.[0] ?? false;
}
