import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { beforeAllBills, plainArray, queryCount } from '../sql.ts';
import { doubtHeld, takeBackHeld } from './takeBack.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** A row that possibly nobody is going to move. */
export type Straggler =
  | { readonly kind: 'orphan'; readonly billId: BillId; readonly channel: Channel }
  | {
      readonly kind: 'strandedSending' | 'strandedSent';
      readonly billId: BillId;
      readonly token: ClaimToken;
    };

/**
 * Scans all notifications in the order of their keys, a window per call. An index on the state would find
 * stragglers directly, but would make every transition a non-HOT update. The scan finds every straggler,
 * whatever caused it: an event that expired, a billing batch that wrote PUBLISHED itself, a restored backup.
 */
const walk = {
  name: 'walk',
  text: `
    with seen as materialized (
      select bill_id, channel, send_status, publish_status, claim_token, not_before,
             greatest(changed_at, published_at) as since
      from bill_notification
      where bill_id > (
        select coalesce(max(last_bill_id), '${beforeAllBills}'::bigint) from walk where name = 'notifications')
      order by bill_id
      limit $1
    ), moved as (
      insert into walk (name, last_bill_id)
      select 'notifications', case when count(*) < $1 then '${beforeAllBills}'::bigint else max(bill_id) end
      from seen
      on conflict (name) do update set last_bill_id = excluded.last_bill_id
      returning last_bill_id
    ), straggler as (
      select bill_id, channel, claim_token,
             case send_status when 'PENDING' then 'orphan' when 'SENDING' then 'strandedSending'
               else 'strandedSent' end as kind
      from seen
      where (send_status = 'PENDING' and publish_status = 'PUBLISHED' and not_before <= now()
             and since < now() - $2::float8 * interval '1 ms')
         or (send_status in ('SENDING', 'SENT') and since < now() - $3::float8 * interval '1 ms'
             and not exists (select 1 from claim_batch batch where batch.token = seen.claim_token))
    )
    select moved.last_bill_id, straggler.kind, straggler.bill_id, straggler.channel, straggler.claim_token
    from moved left join straggler on true`,
};

/** Reads the next window of rows. `atEnd`: the next call starts again from the beginning. */
export async function walkNotifications(
  database: Database,
  limits: { window: number; orphanAfterMs: number; batchMaxAgeMs: number },
): Promise<{ stragglers: Straggler[]; atEnd: boolean }> {
  const rows = await database.query<[string, Straggler['kind'] | null, BillId, Channel, ClaimToken]>(walk, [
    limits.window,
    limits.orphanAfterMs,
    limits.batchMaxAgeMs,
  ]);
  const stragglers = rows.flatMap(([, kind, billId, channel, token]): Straggler[] => {
    if (kind === null) return [];
    return kind === 'orphan' ? [{ kind, billId, channel }] : [{ kind, billId, token }];
  });
  return { stragglers, atEnd: rows[0]?.[0] === beforeAllBills };
}

/** Fence 7: always safe, since an event is only a wake-up. */
export const republish = {
  name: 'republish',
  event: 'its event was published longer ago than the lag explains',
  by: ['sweeper'],
  from: ['PENDING'],
  ifRow: 'published',
  to: 'PENDING',
  andRow: 'event owed again',
  token: 'none',
} as const satisfies Transition;

const republishOrphan = transitionStatement(republish, {
  name: 'republish-orphans',
  ctes: 'orphan as (select * from unnest($1::bigint[]) as orphan (bill_id))',
  rows: 'orphan',
  fences: [
    `n.publish_status = 'PUBLISHED'`,
    `greatest(n.changed_at, n.published_at) < now() - $2::float8 * interval '1 ms'`,
  ],
  select: 'select bill_id from moved',
});

/** Owes the events of orphans again; returns how many still were orphans. */
export async function republishOrphans(
  database: Database,
  billIds: readonly BillId[],
  orphanAfterMs: number,
): Promise<number> {
  return (await database.query(republishOrphan, [plainArray(billIds), orphanAfterMs])).length;
}

const heldByNobody = `held as (select * from unnest($1::bigint[], $2::uuid[]) as stranded (bill_id, token))`;

const takeBackStranded = takeBackHeld('take-back-stranded', heldByNobody);
const doubtStranded = doubtHeld('doubt-stranded', heldByNobody, '$3');

type Stranded = Exclude<Straggler, { kind: 'orphan' }>;

/** SENDING -> PENDING for claims that no batch knows; returns how many. */
export function takeBackStrandedBills(database: Database, stranded: readonly Stranded[]): Promise<number> {
  return queryCount(database, takeBackStranded, strandedValues(stranded));
}

/** SENT -> IN_DOUBT for claims that no batch knows; returns how many. */
export function doubtStrandedBills(
  database: Database,
  stranded: readonly Stranded[],
  actor: string,
): Promise<number> {
  return queryCount(database, doubtStranded, [...strandedValues(stranded), actor]);
}

function strandedValues(stranded: readonly Stranded[]): string[] {
  return [plainArray(stranded.map(({ billId }) => billId)), plainArray(stranded.map(({ token }) => token))];
}
