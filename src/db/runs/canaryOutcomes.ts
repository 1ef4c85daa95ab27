import type { CanaryGroup } from '../../runs/canaryCounts.ts';
import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

export interface CanaryReading {
  readonly groups: readonly CanaryGroup[];
  /** The time since one of its bills last changed; null if it has none. */
  readonly quietMs: number | null;
}

const isDue = `n.not_before <= now() + interval '1 minute'`;

/**
 * Reads by the primary keys of rows, journal and receipts, and only this run's bills. The journal is read
 * only for bills that have turned or failed.
 */
const outcomes = {
  name: 'canary-outcomes',
  text: `
    select count(*)::int, is_on_its_way, is_waiting, is_unknown, is_failed, has_turned, is_refused, came_back, reason,
           min(quiet_ms)
    from (
      select n.send_status in ('SENDING', 'SENT') or (n.send_status = 'PENDING' and ${isDue}) as is_on_its_way,
             n.send_status = 'PENDING' and not ${isDue} as is_waiting,
             n.send_status = 'IN_DOUBT' as is_unknown,
             n.send_status = 'FAILED' as is_failed,
             n.step > 0 as has_turned,
             coalesce(failure.outcome in ('REFUSED', 'NOT_ASKED'), false) as is_refused,
             (select case when bool_or(r.kind = 'blocked') then 'blocked' else 'bounced' end
              from bill_receipt r
              where r.bill_id = n.bill_id and r.kind in ('bounced_hard', 'bounced_soft', 'blocked')
              having count(*) > 0) as came_back,
             coalesce(n.reason, failure.reason) as reason,
             ${msSince('n.changed_at')} as quiet_ms
      from run_canary c
      join bill_notification n on n.bill_id = c.bill_id
      left join lateral (
        select a.outcome, a.reason from delivery_attempt a
        where a.bill_id = n.bill_id and a.outcome in ('REFUSED', 'UNPREPARABLE', 'NOT_ASKED', 'BOUNCED')
        order by a.outcome = 'REFUSED' desc, a.finished_at
        limit 1
      ) failure on n.step > 0 or n.send_status = 'FAILED'
      where c.run = $1 and n.run = $1
    ) bill
    group by 2, 3, 4, 5, 6, 7, 8, 9`,
};

type GroupColumns = [
  ...[bills: number, isOnItsWay: boolean, isWaiting: boolean, isUnknown: boolean, isFailed: boolean],
  ...[hasTurned: boolean, isRefused: boolean, cameBack: CanaryGroup['cameBack'], reason: string | null],
  quietMs: number,
];

/** The results of the bills in a run's canary so far. */
export async function readCanary(database: Database, run: number): Promise<CanaryReading> {
  const rows = await database.query<GroupColumns>(outcomes, [run]);
  return {
    groups: rows.map(groupOf),
    quietMs: rows.length === 0 ? null : Math.min(...rows.map((row) => row[9])),
  };
}

function groupOf(row: GroupColumns): CanaryGroup {
  const [bills, isOnItsWay, isWaiting, isUnknown, isFailed, hasTurned, isRefused, cameBack, reason] = row;
  return { bills, isOnItsWay, isWaiting, isUnknown, isFailed, hasTurned, isRefused, cameBack, reason };
}
