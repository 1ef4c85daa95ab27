import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { beforeAllBills } from '../sql.ts';

/** A message of a run that a provider accepted. */
export interface AcceptedAttempt {
  readonly billId: BillId;
  readonly token: ClaimToken;
  readonly cycle: number;
  readonly channel: Channel;
  /** ISO 8601 in UTC, in microseconds. */
  readonly acceptedAt: string;
  readonly providerId: string | null;
  /** 40 bytes; null if the message was not hashed. */
  readonly contentHash: Buffer | null;
}

/** If the acceptance came later, by somebody who did not have the hash, the entry of the doubt has it. */
const select = {
  name: 'accepted-attempts-of-run',
  text: `
    with page as materialized (
      select bill_id, run from bill_notification where bill_id > $1 order by bill_id limit $2
    )
    select l.last, a.bill_id, a.claim_token, a.cycle, a.channel,
           to_char(a.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.provider_id,
           coalesce(a.content_hash, (
             select d.content_hash from delivery_attempt d
             where d.bill_id = a.bill_id and d.claim_token = a.claim_token and d.outcome = 'UNKNOWN'))
    from (select max(bill_id) as last from page) l
    left join (
      page join delivery_attempt a on a.bill_id = page.bill_id and page.run = $3 and a.outcome = 'ACCEPTED'
        and a.finished_at <= $4
    ) on true
    order by a.bill_id, a.claim_token`,
};

type Row = [BillId | null, BillId | null, ClaimToken, number, Channel, string, string | null, Buffer | null];

const billsPerPage = 5_000;

/** All of them up to a moment, by bill and attempt. It walks over all bills, a page at a time. */
export async function* walkAcceptedAttempts(
  database: Database,
  { run, until }: { readonly run: number; readonly until: Date },
): AsyncGenerator<AcceptedAttempt> {
  for (let after: string = beforeAllBills; ; ) {
    const rows = await database.query<Row>(select, [after, billsPerPage, run, until]);
    for (const [, billId, token, cycle, channel, acceptedAt, providerId, contentHash] of rows) {
      if (billId !== null) yield { billId, token, cycle, channel, acceptedAt, providerId, contentHash };
    }
    const last = rows[0]?.[0] ?? null;
    if (last === null) return;
    after = last;
  }
}
