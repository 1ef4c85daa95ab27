import type { Selection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';

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

/** Reads a row per bill of the selection: a second or two per million. */
export async function readRunEnds(database: Database, run: number, selection: Selection): Promise<RunEnds> {
  const { name, rows, value } =
    'all' in selection
      ? { name: 'all', rows: 'bill_notification n where $1::text is null', value: null }
      : selectedBills(selection);
  const statement = {
    name: `run-ends-${name}`,
    text: `
    select count(*) filter (where n.send_status in ('PENDING', 'SENDING', 'SENT') or n.retransmit_at is not null
             or (n.send_status = 'IN_DOUBT' and ${youngDoubt}))::int,
           count(*) filter (where n.send_status = 'DELIVERED')::int,
           count(*) filter (where n.send_status = 'FAILED')::int,
           count(*) filter (where n.send_status = 'CANCELLED')::int,
           count(*) filter (where n.send_status = 'IN_DOUBT')::int
    from ${rows} and n.run = $2`,
  };
  const [row] = await database.query<[number, number, number, number, number]>(statement, [value, run]);
  const [open = 0, delivered = 0, failed = 0, cancelled = 0, inDoubt = 0] = row ?? [];
  return { open, delivered, failed, cancelled, inDoubt };
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
