import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

/** A dispatcher that is running, or was lately, and how much it holds. */
export interface DispatcherFacts {
  readonly id: DispatcherId;
  /** Host and process. */
  readonly name: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  /** The time since its last heartbeat. */
  readonly silentMs: number;
  readonly batches: number;
  readonly bills: number;
  /** `host:port` of its metrics; null if it has none. */
  readonly metricsAddress: string | null;
}

const list = {
  name: 'list-dispatchers',
  text: `
    select d.id, d.name, d.started_at, d.heartbeat_at,
           greatest(${msSince('d.heartbeat_at')}, 0), held.batches, held.bills, d.metrics_address
    from dispatcher d cross join lateral (
      select count(*)::int as batches, coalesce(sum(cardinality(bill_ids)), 0)::int as bills
      from claim_batch where owner = d.id
    ) held
    order by d.name, d.id`,
};

export async function readDispatchers(database: Database): Promise<DispatcherFacts[]> {
  const rows =
    await database.query<[DispatcherId, string, Date, Date, number, number, number, string | null]>(list);
  return rows.map(([id, name, startedAt, heartbeatAt, silentMs, batches, bills, metricsAddress]) => ({
    id,
    name,
    startedAt,
    heartbeatAt,
    silentMs,
    batches,
    bills,
    metricsAddress,
  }));
}
