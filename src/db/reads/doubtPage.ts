import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { isOfMonthByWindow, monthVerdicts } from '../counts/monthByWindow.ts';
import type { Database } from '../database.ts';
import { beforeAllBills, earliestMicros, microsOf, timeOf } from '../sql.ts';
import type { Statement } from '../statement.ts';

/** A bill in doubt, for the person who asks the provider about it. */
export interface DoubtFacts {
  readonly billId: BillId;
  readonly channel: Channel;
  readonly cycle: number;
  readonly since: Date;
  readonly handedOffAt: Date;
  /** The provider is not asked before this time; null: it may be asked at once. */
  readonly notBefore: Date | null;
  readonly reason: string | null;
  /** The provider that it was handed off to; null if that was not recorded. */
  readonly provider: string | null;
}

/** Where a page ends. It is no Date, which has no microseconds. */
export interface DoubtKey {
  /** In microseconds since 1970. */
  readonly sinceMicros: string;
  readonly billId: string;
}

export const firstDoubtKey: DoubtKey = { sinceMicros: earliestMicros, billId: beforeAllBills };

const page = { name: 'doubt-page', text: pageText('true') };
const pageOfMonth = {
  name: 'doubt-page-of-month',
  text: `
    with ${monthVerdicts('$4')} ${pageText(isOfMonthByWindow('n', '$4'))}`,
};

function pageText(isMeant: string): string {
  return `
    select n.bill_id, n.channel, n.cycle, n.in_doubt_at, n.handed_off_at, nullif(n.not_before, '-infinity'), n.reason,
           n.provider, ${microsOf('n.in_doubt_at')}::text
    from bill_notification n
    where n.in_doubt_at is not null
      and (n.in_doubt_at, n.bill_id) > (
        ${timeOf('$1::bigint')}, $2::bigint)
      and ${isMeant}
    order by n.in_doubt_at, n.bill_id
    limit $3`;
}

/** The next bills in doubt behind a key, longest in doubt first. */
export async function readDoubtPage(
  database: Database,
  { after, month, limit }: { after: DoubtKey; month?: string | undefined; limit: number },
): Promise<{ readonly doubts: readonly DoubtFacts[]; readonly last: DoubtKey | undefined }> {
  const rows = await database.query<
    [BillId, Channel, number, Date, Date, Date | null, string | null, string | null, string]
  >(...ofMonth([page, pageOfMonth], [after.sinceMicros, after.billId, limit], month));
  const last = rows.at(-1);
  return {
    doubts: rows.map(([billId, channel, cycle, since, handedOffAt, notBefore, reason, provider]) => ({
      billId,
      channel,
      cycle,
      since,
      handedOffAt,
      notBefore,
      reason,
      provider,
    })),
    last: last && { sinceMicros: last[8], billId: last[0] },
  };
}

const count = {
  name: 'count-doubts',
  text: 'select count(*)::int from bill_notification n where n.in_doubt_at is not null',
};
const countOfMonth = {
  name: 'count-doubts-of-month',
  text: `
    with ${monthVerdicts('$1')}
    select count(*)::int from bill_notification n
    where n.in_doubt_at is not null and ${isOfMonthByWindow('n', '$1')}`,
};

/** The number of bills in doubt, by their index. */
export async function countDoubts(database: Database, month?: string): Promise<number> {
  const [row] = await database.query<[number]>(...ofMonth([count, countOfMonth], [], month));
  return row?.[0] ?? 0;
}

/** The statement for all months, or the one whose last parameter is the month. */
function ofMonth(
  [all, one]: readonly [Statement, Statement],
  values: readonly unknown[],
  month: string | undefined,
): [Statement, unknown[]] {
  return month === undefined ? [all, [...values]] : [one, [...values, month]];
}
