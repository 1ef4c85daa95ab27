/**
 * The DELIVERED bills in a range of ids that have a receipt. Only receipts of the attempt that the row names
 * count. If there are no receipts, it only looks into an empty index.
 * @param range a condition on `r.bill_id`
 */
export function heardBills(range: string): string {
  return `select r.bill_id, bool_or(r.kind in ('bounced_hard', 'bounced_soft', 'blocked')) as came_back,
             bool_or(r.kind in ('delivered', 'complained')) as arrived
      from bill_receipt r join bill_notification n
        on n.bill_id = r.bill_id and n.cycle = r.cycle and n.channel = r.channel
      where ${range} and n.send_status = 'DELIVERED'
      group by r.bill_id`;
}

/** The conditions of counts over `heardBills`, by the columns' names; the relation is `heard`. */
export const heardFilters = {
  confirmed: 'heard.arrived and not heard.came_back',
  bounced: 'heard.came_back',
} as const;
