import type { BillId, ClaimToken, SendStatus } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { JudgedRow, KeptVerdict } from '../policy/judgeReceipt.ts';
import type { ReceiptKind } from '../providers/inbound/receipt.ts';
import { countedMove } from './counts/countedMoves.ts';
import type { Database } from './database.ts';
import { isInClosedMonth } from './source/billTables.ts';
import { plainArray } from './sql.ts';

/** Identifies a receipt: an attempt has one of each kind. */
export interface ReceiptName {
  readonly billId: BillId;
  readonly cycle: number;
  readonly channel: Channel;
  readonly kind: ReceiptKind;
}

/** The place of the row in its cycle. */
export interface ReceiptPlace {
  readonly token: ClaimToken | null;
  readonly step: number;
  readonly passed: readonly Channel[] | null;
}

/** A receipt that is not judged yet, and the present row of its bill. */
export interface OpenReceipt extends ReceiptName {
  /** Undefined if the bill has no row. */
  readonly row: (JudgedRow & ReceiptPlace) | undefined;
}

/**
 * One receipt per bill, because the first may change what the next one means. If a doubt was settled as
 * "never" before the row's claim, that does not change under the present token, so it may be read here. A
 * provider that is asked knows only about what it was handed.
 */
const due = {
  name: 'due-receipts',
  text: `
    with looked as (
      select bill_id, cycle, channel, kind, provider, came_by, provider_id, received_at from bill_receipt
      where verdict is null and look_at <= now()
      order by look_at
      limit $1
    ), first as (
      select distinct on (bill_id) * from looked order by bill_id, received_at, kind
    )
    select r.bill_id, r.cycle, r.channel, r.kind, n.send_status, n.claim_token,
           n.cycle = r.cycle and n.channel = r.channel and n.claim_token is not null
             and (r.came_by <> 'poll' or coalesce(n.provider, r.provider) = r.provider),
           exists (
             select 1 from delivery_attempt never
             where never.bill_id = r.bill_id and never.outcome = 'NEVER' and never.applied
               and never.cycle = r.cycle and never.channel = r.channel),
           exists (
             select 1 from delivery_attempt taken
             where taken.bill_id = r.bill_id and taken.claim_token = n.claim_token
               and taken.outcome = 'ACCEPTED' and taken.provider_id = r.provider_id),
           coalesce(r.received_at <= n.handed_off_at + within.ms * interval '1 ms', false),
           ${isInClosedMonth}, n.step, n.passed
    from first r
      left join bill_notification n on n.bill_id = r.bill_id
      left join unnest($2::text[], $3::float8[]) as within (channel, ms) on within.channel = r.channel`,
};

type DueColumns = [
  ...[BillId, number, Channel, ReceiptKind, SendStatus | null, ClaimToken | null],
  ...[boolean | null, boolean, boolean, boolean, boolean, number, readonly Channel[] | null],
];

/** @param withinMs per channel: how long after the hand-off a negative receipt may move a delivery */
export async function selectDueReceipts(
  database: Database,
  { limit, withinMs }: { readonly limit: number; readonly withinMs: Readonly<Record<string, number>> },
): Promise<OpenReceipt[]> {
  const channels = Object.keys(withinMs);
  const rows = await database.query<DueColumns>(due, [
    limit,
    channels,
    channels.map((name) => withinMs[name]),
  ]);
  return rows.map(([billId, cycle, channel, kind, sendStatus, token, isSame, ...facts]) => {
    const [wasSentAgain, namesAcceptance, isInTime, isInClosed, step, passed] = facts;
    return {
      billId,
      cycle,
      channel,
      kind,
      row:
        sendStatus === null
          ? undefined
          : {
              sendStatus,
              token,
              step,
              passed,
              isSameAttempt: isSame === true,
              wasSentAgain,
              namesAcceptance,
              isInTime,
              isInClosedMonth: isInClosed,
            },
    };
  });
}

const keep = {
  name: 'keep-receipts',
  text: `
    with kept as (
      update bill_receipt r set verdict = said.verdict
      from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[])
        as said (bill_id, cycle, channel, kind, verdict)
      where r.bill_id = said.bill_id and r.cycle = said.cycle and r.channel = said.channel
        and r.kind = said.kind and r.verdict is null
      returning r.bill_id
    ), ${countedMove('kept', {})}
    select count(*)::int from kept`,
};

/** Closes receipts that change nothing. */
export async function keepReceipts(
  database: Database,
  kept: readonly (ReceiptName & { readonly verdict: KeptVerdict })[],
): Promise<void> {
  await database.query(keep, [...namesOf(kept), kept.map(({ verdict }) => verdict)]);
}

const postpone = {
  name: 'postpone-receipts',
  text: `
    update bill_receipt r set look_at = now() + $5::float8 * interval '1 ms'
    from unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) as later (bill_id, cycle, channel, kind)
    where r.bill_id = later.bill_id and r.cycle = later.cycle and r.channel = later.channel
      and r.kind = later.kind and r.verdict is null`,
};

/** Makes receipts due again later. */
export async function postponeReceipts(
  database: Database,
  receipts: readonly ReceiptName[],
  delayMs: number,
): Promise<void> {
  await database.query(postpone, [...namesOf(receipts), delayMs]);
}

function namesOf(receipts: readonly ReceiptName[]): unknown[] {
  return [
    plainArray(receipts.map(({ billId }) => billId)),
    plainArray(receipts.map(({ cycle }) => cycle)),
    receipts.map(({ channel }) => channel),
    receipts.map(({ kind }) => kind),
  ];
}
