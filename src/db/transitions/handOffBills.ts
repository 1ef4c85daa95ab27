import { type BillId, type Claim, type ClaimToken, compareIds } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import type { Database, Notice } from '../database.ts';
import { plainArray } from '../sql.ts';
import { type Transition, transitionStatement } from './transition.ts';

/**
 * Made before anything leaves: from here on nobody sends this bill again without the provider's word or a
 * person's.
 */
export const handOff = {
  name: 'handOff',
  event: 'hand-off',
  by: ['dispatcher'],
  from: ['SENDING'],
  to: 'SENT',
  token: 'kept',
  set: `provider = $3, attempts = case when n.send_status = 'SENDING' then n.attempts + 1 else n.attempts end,
          handed_off_at = case when n.send_status = 'SENDING' then now() else n.handed_off_at end`,
} as const satisfies Transition;

/**
 * Fence 9: the commit must be durable. The statement sets synchronous_commit for its own transaction,
 * whatever the server's or the role's default is, and changes nothing unless it is on. So no session needs to
 * be prepared.
 *
 * A row that is SENT by our token already is written again: then this commit waits for the standbys, and so
 * for the first one's commit too.
 */
const statement = transitionStatement(handOff, {
  name: 'hand-off',
  ctes: `durable as materialized (
      select set_config('synchronous_commit',
        case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end,
        true)
        in ('on', 'remote_apply') as is_on
    )`,
  rows: 'durable',
  join: 'durable.is_on and n.bill_id = any($1::bigint[])',
  fences: ['n.claim_token = $2::uuid'],
  again: `n.send_status = 'SENT'`,
  select: 'select durable.is_on, moved.bill_id from durable left join moved on true',
});

export interface HandOffRequest {
  readonly claims: readonly Claim[];
  /** The provider that is to send them, by its name in the settings: only it can say what became of them. */
  readonly provider: string;
}

/** The outcome of a hand-off. */
export interface HandOff {
  /** If a bill is missing here, it is no longer ours: do not send it. */
  readonly won: ReadonlySet<BillId>;
  /** False: the server committed without the standby that it should wait for. Send nothing. */
  readonly isConfirmed: boolean;
}

/**
 * Hands off the bills of one claim.
 * @throws BillcastError DATABASE_FAILED if the server does not commit durably; nothing has changed then
 */
export async function handOffBills(
  database: Database,
  token: ClaimToken,
  { claims, provider }: HandOffRequest,
): Promise<HandOff> {
  const { rows, notices } = await database.queryWithNotices<[boolean, BillId | null]>(statement, [
    plainArray(claims.map((claim) => claim.billId).toSorted(compareIds)),
    token,
    provider,
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
 * If a wait for a standby is cancelled, the commit looks like a success, except for a warning. Any warning
 * with that code counts, unless a trigger wrote it.
 */
function mayBeUnconfirmed({ code, routine }: Notice): boolean {
  return code === '01000' && routine !== 'exec_stmt_raise';
}
