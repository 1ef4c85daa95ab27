import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { ReceiptKind } from '../../providers/inbound/receipt.ts';
import type { Database } from '../database.ts';

/** What a provider said about an attempt after it had accepted it. */
export interface ReceiptFacts {
  readonly cycle: number;
  readonly channel: Channel;
  readonly kind: ReceiptKind;
  readonly provider: string;
  /** `webhook`, `poll` or `mail`. */
  readonly cameBy: string;
  readonly providerId: string | null;
  readonly code: string | null;
  /** The time by the provider's clock. */
  readonly happenedAt: Date | null;
  readonly receivedAt: Date;
  /** How often the receipt came. */
  readonly times: number;
}

const select = {
  name: 'history-receipts',
  text: `
    select cycle, channel, kind, provider, came_by, provider_id, code, happened_at, received_at, times
    from bill_receipt
    where bill_id = $1
    order by received_at, kind`,
};

type Columns = [
  ...[number, Channel, ReceiptKind, string, string, string | null, string | null, Date | null, Date],
  number,
];

/** The receipts of one bill, in the order in which they came. */
export async function readReceipts(database: Database, billId: BillId): Promise<ReceiptFacts[]> {
  const rows = await database.query<Columns>(select, [billId]);
  return rows.map((row) => {
    const [cycle, channel, kind, provider, cameBy, providerId, code, happenedAt, receivedAt, times] = row;
    return { cycle, channel, kind, provider, cameBy, providerId, code, happenedAt, receivedAt, times };
  });
}
