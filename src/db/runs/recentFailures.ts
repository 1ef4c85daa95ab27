import type { FailureReason } from '../../bill.ts';
import type { RecentFailures } from '../../runs/gates.ts';
import type { Database } from '../database.ts';

/** Failures that no brake sees, because these bills fail before they are sent. */
const unseen = [
  'BILL_INCOMPLETE',
  'CIPHER_FAILED',
  'TEMPLATE_FAILED',
  'NO_CONTACT',
  'RENDER_CRASHED',
  'DATABASE_REFUSED',
] as const satisfies readonly FailureReason[];

/** Uses the index of failed bills. If there are more than this, the exact number does not matter. */
const recent = {
  name: 'recent-failures-of-run',
  text: `
    select reason, count(*)::int from (
      select n.reason from bill_notification n
      where n.failed_at is not null and n.reason = any($2::text[])
        and n.failed_at > greatest(now() - interval '1 minute', $3::timestamptz) and n.run = $1
      limit 20000
    ) failed
    group by reason
    order by 2 desc`,
};

/**
 * Bills of a run that failed in the last minute before they were sent.
 * @param since earlier failures do not count: a person has seen them
 */
export async function readRecentFailures(
  database: Database,
  run: number,
  since: Date,
): Promise<Pick<RecentFailures, 'failed' | 'top'>> {
  const rows = await database.query<[string, number]>(recent, [run, unseen, since]);
  const [top] = rows;
  return {
    failed: rows.reduce((sum, [, bills]) => sum + bills, 0),
    top: top && { reason: top[0], bills: top[1] },
  };
}
