/**
 * Counts the DELIVERED bills of a range of ids of which the provider has said what became of them, as the
 * columns `confirmed` and `bounced`: only receipts of the attempt that the row names count. Without receipts
 * it costs a look at an empty index.
 * @param range a condition on `r.bill_id`
 */
export function heardCounts(range: string): string {
  return `select count(*) filter (where arrived and not came_back)::int as confirmed,
             count(*) filter (where came_back)::int as bounced
      from (
        select bool_or(r.kind in ('delivered', 'complained')) as arrived,
               bool_or(r.kind in ('bounced_hard', 'bounced_soft', 'blocked')) as came_back
        from bill_receipt r join bill_notification n
          on n.bill_id = r.bill_id and n.cycle = r.cycle and n.channel = r.channel
        where ${range} and n.send_status = 'DELIVERED'
        group by r.bill_id
      ) heard_bill`;
}
