import type { BillId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';

/** A bill that a run selects, as its row shows it. */
export interface SelectedBill {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly cycle: number;
  /** The channel with which it begins. */
  readonly channel: Channel;
}

export interface SelectedPage {
  readonly selection: PlannedSelection;
  /** Whether to include released bills. Cancelled ones are never included. */
  readonly alsoReleased?: boolean;
  readonly after: string;
  readonly limit: number;
}

const held = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;
const standing = `n.send_status <> 'CANCELLED'`;

/** The next bills of a selection, in the order of their ids. */
export async function readSelectedPage(
  database: Database,
  { selection, alsoReleased = false, after, limit }: SelectedPage,
): Promise<SelectedBill[]> {
  const { name, rows, id, value } = selectedBills(selection);
  const bills = await database.query<[BillId, MemberId, number, Channel]>(
    {
      name: `selected-page-${name}${alsoReleased ? '-standing' : ''}`,
      text: `
    select n.bill_id, n.member_id, n.cycle, n.channel from ${rows} and ${alsoReleased ? standing : held}
      and ${id} > $2::bigint
    order by ${id}
    limit $3`,
    },
    [value, after, limit],
  );
  return bills.map(([billId, memberId, cycle, channel]) => ({ billId, memberId, cycle, channel }));
}
