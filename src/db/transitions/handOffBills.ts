import { type BillId, type Claim, type ClaimToken, compareIds } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import type { Database, Notice } from '../database.ts';
import { plainArray } from '../sql.ts';

/**
 * State table: hand-off. SENDING with our token -> SENT, before anything leaves. From here on nobody sends
 * this bill again without the provider's word or a person's, so its commit must be durable (fence 9).
 *
 * That needs no session: the statement sets synchronous_commit for its own transaction, whatever the server's or the
 * role's default is, and changes nothing unless it is on.
 *
 * SENT with our token counts as won: it is this very statement's first try whose answer was lost. It is written again
 * then, so that its commit waits for the standbys again, and the first one's with it.
 */
const handOff = {
  name: 'hand-off',
  text: `
    with durable as materialized (
      select set_config('synchronous_commit',
        case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, true)
        in ('on', 'remote_apply') as is_on
    ), handed_off as (
      update bill_notification n
      set send_status = 'SENT',
          attempts = case when n.send_status = 'SENDING' then n.attempts + 1 else n.attempts end,
          handed_off_at = case when n.send_status = 'SENDING' then now() else n.handed_off_at end,
          changed_at = now()
      from durable
      where durable.is_on
        and n.bill_id = any($1::bigint[])
        and n.claim_token = $2::uuid
        and n.send_status in ('SENDING', 'SENT')
      returning n.bill_id
    )
    select durable.is_on, handed_off.bill_id from durable left join handed_off on true`,
};

/** What came of a hand-off. */
export interface HandOff {
  /** A bill that is missing here is no longer ours: do not send it. */
  readonly won: ReadonlySet<BillId>;
  /** false: the server committed without the word of a standby that it should wait for. Send nothing. */
  readonly isConfirmed: boolean;
}

/**
 * Hands off the bills of one claim.
 * @throws BillcastError DATABASE_FAILED if the server does not commit durably; nothing has changed then
 */
export async function handOffBills(
  database: Database,
  token: ClaimToken,
  claims: readonly Claim[],
): Promise<HandOff> {
  const { rows, notices } = await database.queryWithNotices<[boolean, BillId | null]>(handOff, [
    plainArray(claims.map((claim) => claim.billId).toSorted(compareIds)),
    token,
  ]);
  if (rows[0]?.[0] !== true) {
    throw new BillcastError(
      'DATABASE_FAILED',
      'the server does not turn synchronous_commit on for a hand-off',
    );
  }
  const won = new Set(rows.flatMap(([, billId]) => (billId === null ? [] : [billId])));
  return { won, isConfirmed: !notices.some(mayBeUnconfirmed) };
}

/**
 * A wait for a standby that is cancelled looks like success but for a warning. Any warning of that code is taken for it,
 * except those that a trigger writes by itself.
 */
function mayBeUnconfirmed({ code, routine }: Notice): boolean {
  return code === '01000' && routine !== 'exec_stmt_raise';
}
