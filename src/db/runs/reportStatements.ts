import type { Selection } from '../../runs/plan.ts';
import { billsAmong } from '../source/selectedBills.ts';
import { billsNamed } from './reportRows.ts';

/**
 * The bills of a window. $1: the selection, $2: the bill behind which it begins, $3: how many. $4: the run,
 * or null for all; $5: since when its held bills must have been held.
 */
interface Looked {
  readonly text: string;
  /** The parameter $1. */
  readonly value: string | null;
}

/** Includes bills that have no row. */
const ofMonth = `select b.bill_id from source_bills b where b.billing_month = $1::date and b.bill_id > $2::bigint
      order by b.bill_id limit $3::int`;

export function lookedAt(selection: Selection): Looked {
  if ('month' in selection) return { text: ofMonth, value: `${selection.month}-01` };
  const { rows, id, value } = billsAmong(selection);
  return { text: `select n.bill_id from ${rows} and ${id} > $2::bigint order by ${id} limit $3::int`, value };
}

/** The statements of a report over the bills of one window. */
export interface ReportStatements {
  /**
   * Groups of bills with the same properties. $6: the currency of bills that name none, $7: whether the
   * source gives amounts.
   */
  readonly groups: string;
  readonly attempts: string;
  readonly acceptedTwice: string;
  /** Bills with the stored e-mail addresses of their members. It has the same parameters as `groups`. */
  readonly contacts: string;
}

/** Released by the run; or held since its bills were counted, and not released by anybody. */
const mine = `($4::int is null or n.run = $4::int or coalesce(
        n.run = 0 and n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at <= $5::timestamptz, false))`;
const currencyText = 'case when a.amount is not null then coalesce(a.currency, $6::text) end';

export function reportStatements(looked: string): ReportStatements {
  const window = `looked as materialized (
      ${looked}
    )`;
  return {
    groups: groupsText(window),
    contacts: `
    with ${window}
    select ends.looked_at, ends.up_to, found.*
    from (select count(*)::int as looked_at, max(bill_id)::text as up_to from looked) ends
    left join (
      select ${stateText} as state, coalesce(r.member_key, n.member_id::text), m.email, ${currencyText} as currency,
             coalesce(a.amount, 0)::text as amount
      from looked
      join bill_notification n on n.bill_id = looked.bill_id and ${mine}
      left join source_members m on m.member_id = n.member_id
      left join member_reference r on r.member_id = n.member_id
      left join source_amounts a on a.bill_id = looked.bill_id and $7::boolean
    ) found on true`,
    attempts: `
    with ${window}
    select a.provider, a.channel, a.outcome, count(*)::int, count(distinct (a.bill_id, a.cycle))::int,
           count(distinct (a.bill_id, a.cycle)) filter (where a.reason = 'LMS')::int,
           count(distinct (a.bill_id, a.cycle)) filter (where a.actor like 'dispatcher %')::int
    ${attemptsOfMine}
    group by a.provider, a.channel, a.outcome`,
    acceptedTwice: `
    with ${window}, message as (
      select a.bill_id, a.cycle, a.channel, count(distinct a.provider_id) as ids
      ${attemptsOfMine}
      where a.outcome = 'ACCEPTED'
      group by a.bill_id, a.cycle, a.channel
    ), several as (
      select bill_id, cycle, max(ids) as ids from message
      group by bill_id, cycle
      having count(*) > 1 or max(ids) > 1
    )
    select distinct s.bill_id from several s
    where s.ids > 1 or 1 < (
      select count(*) from message m
      where m.bill_id = s.bill_id and m.cycle = s.cycle and not exists (
        select from delivery_attempt b
        where b.bill_id = m.bill_id and b.cycle = m.cycle and b.channel = m.channel
          and b.outcome = 'BOUNCED' and b.applied))
    order by s.bill_id`,
  };
}

/**
 * Reads the journal of each bill by its key. Without `offset 0`, PostgreSQL uses a condition on the outcome
 * in the index, estimates a look-up at a thousand times its cost, and reads the whole journal per window.
 */
const attemptsOfBill = `cross join lateral (
        select j.bill_id, j.claim_token, j.outcome, j.cycle, j.channel, j.applied, j.provider, j.provider_id,
               j.reason, j.actor
        from delivery_attempt j where j.bill_id = looked.bill_id offset 0
      ) a`;

const attemptsOfMine = `from looked
      join bill_notification n on n.bill_id = looked.bill_id and ${mine}
      ${attemptsOfBill}`;

/** The source has no amount for the bill, so nobody knows what was billed. */
const isUnpriced = 'f.amount is null and $7::boolean';

function groupsText(window: string): string {
  return `
    with ${window}, fact as (
      select looked.bill_id, ${stateText} as state, n.run, n.channel,
             array_append(coalesce(n.passed, '{}'), n.channel) as path,
             case when n.send_status in ('FAILED', 'IN_DOUBT', 'CANCELLED') then n.reason end as reason,
             case when n.send_status in ('SENT', 'IN_DOUBT', 'DELIVERED') then n.provider end as provider,
             case when n.send_status = 'DELIVERED' then coalesce(said.kind, 'none') end as receipt,
             n.send_status = 'FAILED' and n.retransmit_at is not null as is_retried,
             n.send_status = 'DELIVERED' and not ${isProved} as is_unproved,
             ${currencyText} as currency, a.amount
      from looked
      left join bill_notification n on n.bill_id = looked.bill_id
      left join source_amounts a on a.bill_id = looked.bill_id
      cross join lateral (${wordText}) word
      left join lateral (${receiptText}) said on n.send_status = 'DELIVERED'
    ), alike as (
      select f.state, f.run, f.channel, f.path, f.reason, f.provider, f.receipt, f.is_retried, f.is_unproved,
             f.currency, count(*)::int as bills, coalesce(sum(f.amount), 0)::text as amount,
             (array_agg(f.bill_id order by f.bill_id)
               filter (where f.state = 'noRow' or f.is_unproved or (${isUnpriced})))[1:${billsNamed}]::text[] as bill_ids
      from fact f
      group by f.state, f.run, f.channel, f.path, f.reason, f.provider, f.receipt, f.is_retried, f.is_unproved,
               f.currency
    )
    select ends.looked_at, ends.up_to, alike.*
    from (select count(*)::int as looked_at, max(bill_id)::text as up_to from looked) ends
    left join alike on true`;
}

const stateText = `case
               when n.bill_id is null then 'noRow'
               when not ${mine} then 'elsewhere'
               when n.send_status = 'DELIVERED' then 'delivered'
               when n.send_status = 'FAILED' then 'failed'
               when n.send_status = 'CANCELLED' then 'cancelled'
               when n.send_status = 'IN_DOUBT' then 'inDoubt'
               when n.send_status = 'PENDING' and n.publish_status = 'HELD' then 'held'
               when n.send_status = 'PENDING' and n.not_before > now() then 'waiting'
               else 'inProgress'
             end`;

/** Whose word says that a bill was delivered: the provider's, for a claim, or a person's, for a cycle. */
const wordText = `
        select array_agg(j.claim_token) filter (where j.outcome = 'ACCEPTED') as tokens,
               array_agg(j.cycle) filter (where j.outcome = 'RESOLVED_DELIVERED') as cycles
        from delivery_attempt j where j.bill_id = looked.bill_id
      `;

const isProved = `coalesce(n.claim_token = any(word.tokens) or n.cycle = any(word.cycles), false)`;

/** If a message came back for good, that stands; a soft bounce may be followed by a delivery. */
const receiptText = `
        select case
                 when bool_or(r.kind in ('bounced_hard', 'blocked')) then 'bounced'
                 when bool_or(r.kind = 'complained') then 'complained'
                 when bool_or(r.kind = 'delivered') then 'confirmed'
                 when bool_or(r.kind = 'bounced_soft') then 'bounced'
                 when bool_or(r.kind = 'relayed') then 'relayed'
               end as kind
        from bill_receipt r
        where r.bill_id = n.bill_id and r.cycle = n.cycle and r.channel = n.channel
      `;

/**
 * Counts and sums the same bills again, in parts, so that no statement takes too long. $1: the month or the
 * run, $2: the currency of bills that name none, $3: the bill behind which it begins, $4: how many to look
 * at.
 */
export const plainSums = {
  month: plainSumText(
    'select b.bill_id, true as is_mine from source_bills b where b.billing_month = $1::date and',
  ),
  run: plainSumText('select b.bill_id, b.run = $1::int as is_mine from bill_notification b where'),
} as const;

function plainSumText(rows: string): string {
  return `
    with part as materialized (${rows} b.bill_id > $3::bigint order by b.bill_id limit $4::int)
    select ends.looked_at, ends.up_to, found.*
    from (select count(*)::int as looked_at, max(bill_id)::text as up_to from part) ends
    left join (
      select count(*)::text, coalesce(sum(a.amount), 0)::text,
             case when a.amount is not null then coalesce(a.currency, $2::text) end
      from part left join source_amounts a on a.bill_id = part.bill_id
      where part.is_mine
      group by 3
    ) found on true`;
}
