import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { isOfMonth } from '../source/billTables.ts';
import { beforeAllBills, plainArray } from '../sql.ts';
import type { Selection, Standing } from './standing.ts';

/** The state of a bill in doubt, for a person. Nothing about its member is read. */
export interface StandingDoubt extends Standing {
  readonly since: Date;
  readonly reason: string | null;
}

const doubtsAPage = 5_000;

/** The index of doubts has hardly any rows that are not wanted, however many bills there are. */
const page = {
  name: 'page-of-doubts',
  text: `
    select n.bill_id, n.publish_status, n.cycle, n.claim_token, n.channel, n.passed, n.in_doubt_at, n.reason,
           n.in_doubt_at::text
    from bill_notification n
    where n.in_doubt_at is not null and n.send_status = 'IN_DOUBT'
      and (n.in_doubt_at, n.bill_id) > ($1::timestamptz, $2::bigint)
      and ($3::bigint[] is null or n.bill_id = any($3))
      and ($4::date is null or ${isOfMonth('n', '$4')})
      and ($5::text is null or n.reason = $5)
      and ($6::timestamptz is null or n.in_doubt_at >= $6)
      and ($7::timestamptz is null or n.in_doubt_at < $7)
    order by n.in_doubt_at, n.bill_id
    limit $8`,
};

type DoubtColumns = [
  ...[BillId, Standing['publishStatus'], number, ClaimToken],
  ...[Channel, Standing['passed'], Date, string | null, string],
];

/** Reads the selected bills that are in doubt, a page at a time, longest in doubt first. */
export async function* selectDoubts(
  database: Database,
  { billIds, month, reason, doubtedFrom, doubtedBefore }: Selection,
): AsyncGenerator<StandingDoubt[]> {
  // The time of the last one as text, since a Date would lose its microseconds.
  let after: [string, string] = ['-infinity', beforeAllBills];
  for (;;) {
    const rows = await database.query<DoubtColumns>(page, [
      ...after,
      billIds === undefined ? null : plainArray(billIds),
      ...[month ?? null, reason ?? null, doubtedFrom ?? null, doubtedBefore ?? null],
      doubtsAPage,
    ]);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(doubtOf);
    after = [last[8], last[0]];
  }
}

function doubtOf(columns: DoubtColumns): StandingDoubt {
  const [billId, publishStatus, cycle, token, channel, passed, since, reason] = columns;
  return {
    billId,
    sendStatus: 'IN_DOUBT',
    publishStatus,
    cycle,
    token,
    channel,
    passed,
    inClosedMonth: false,
    since,
    reason,
  };
}
