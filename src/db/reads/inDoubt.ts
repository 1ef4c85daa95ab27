import { type BillId, type Claim, type ClaimToken, compareIds, type MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { msSince, plainArray } from '../sql.ts';

/** A bill in doubt as it was before its provider is asked: fence 4. */
export interface Doubt {
  readonly claim: Claim;
  /** The provider that it was handed off to; null if that was not recorded. */
  readonly provider: string | null;
  /**
   * Whether the hand-off is longer ago than the horizon. It is judged before asking: only then may "never"
   * count.
   */
  readonly pastHorizon: boolean;
  readonly handedOffMsAgo: number;
}

function isAt(routes: string, channels: string): string {
  return `(channel || '/' || provider = any(${routes}) or (provider is null and channel = any(${channels})))`;
}

const list = {
  name: 'list-in-doubt',
  text: `
    select bill_id, member_id, channel, provider, cycle, attempts, claim_token,
           tried_ms, passed,
           handed_off_at < now() - $1::float8 * interval '1 ms',
           ${msSince('handed_off_at')}
    from bill_notification
    where in_doubt_at is not null and send_status = 'IN_DOUBT' and not_before <= now()
      and ${isAt('$3', '$4')}
    order by in_doubt_at
    limit $2`,
};

/** A provider that may be asked. */
export interface AskedProvider {
  readonly channel: Channel;
  readonly provider: string;
  /**
   * Whether it is the channel's only provider: then it is also asked about bills whose provider is not known.
   */
  readonly isOnly: boolean;
}

function namesOf(asked: readonly AskedProvider[]) {
  return [
    asked.map(({ channel, provider }) => `${channel}/${provider}`),
    plainArray(asked.filter(({ isOnly }) => isOnly).map(({ channel }) => channel)),
  ];
}

const count = {
  name: 'count-in-doubt-at',
  text: `
    select count(*)::int from bill_notification
    where in_doubt_at is not null and send_status = 'IN_DOUBT' and ${isAt('$1', '$2')}`,
};

/** The bills in doubt at these providers, whether their next lookup is due or not. */
export async function countDoubtsAt(database: Database, asked: readonly AskedProvider[]): Promise<number> {
  const [row] = await database.query<[number]>(count, namesOf(asked));
  return row?.[0] ?? 0;
}

/** The bills in doubt at these providers whose next lookup is due, oldest first. */
export async function listDueDoubts(
  database: Database,
  { horizonMs, limit, asked }: { horizonMs: number; limit: number; asked: readonly AskedProvider[] },
): Promise<Doubt[]> {
  const rows = await database.query<
    [
      BillId,
      MemberId,
      Channel,
      string | null,
      number,
      number,
      ClaimToken,
      number,
      Claim['passed'],
      boolean,
      number,
    ]
  >(list, [horizonMs, limit, ...namesOf(asked)]);
  return rows.map(
    ([
      billId,
      memberId,
      channel,
      provider,
      cycle,
      attempts,
      token,
      triedMs,
      passed,
      pastHorizon,
      handedOffMsAgo,
    ]) => ({
      claim: { billId, memberId, channel, cycle, attempts, triedMs, passed, token },
      provider,
      pastHorizon,
      handedOffMsAgo,
    }),
  );
}

const postpone = {
  name: 'postpone-lookup',
  text: `
    update bill_notification n
    set not_before = now() + later.delay_ms * interval '1 ms'
    from unnest($1::bigint[], $2::uuid[], $3::float8[]) as later (bill_id, token, delay_ms)
    where n.bill_id = later.bill_id and n.claim_token = later.token and n.send_status = 'IN_DOUBT'`,
};

/** The provider did not know, so it is asked again later. No transition is made. */
export async function postponeLookups(
  database: Database,
  postponed: readonly { readonly claim: Pick<Claim, 'billId' | 'token'>; readonly delayMs: number }[],
): Promise<void> {
  const later = postponed.toSorted((a, b) => compareIds(a.claim.billId, b.claim.billId));
  await database.query(postpone, [
    plainArray(later.map(({ claim }) => claim.billId)),
    plainArray(later.map(({ claim }) => claim.token)),
    plainArray(later.map(({ delayMs }) => delayMs)),
  ]);
}
