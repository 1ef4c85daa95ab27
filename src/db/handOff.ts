import type { BillId, Claim, ClaimToken } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

/**
 * State table: hand-off. SENDING with our token -> SENT, before anything leaves. From here on nobody sends
 * this bill again without the provider's word or a person's, so its commit must be durable whatever the
 * server's default says (the session setting of createPool sees to it).
 *
 * SENT with our token counts as won: it is this very statement's first try whose answer was lost.
 */
const handOff = {
  name: 'hand-off',
  text: `
    update bill_notification
    set send_status = 'SENT',
        attempts = case when send_status = 'SENDING' then attempts + 1 else attempts end,
        handed_off_at = case when send_status = 'SENDING' then now() else handed_off_at end,
        cycle_started_at = coalesce(cycle_started_at, now()),
        changed_at = now()
    where bill_id = any($1::bigint[])
      and claim_token = $2::uuid
      and send_status in ('SENDING', 'SENT')
    returning bill_id`,
};

/** Hands off the bills of one claim; a bill that is missing in the result is no longer ours: do not send it. */
export const handOffBills = async (
  database: Database,
  token: ClaimToken,
  claims: readonly Claim[],
): Promise<Set<BillId>> => {
  const rows = await database.query<[BillId]>(handOff, [
    plainArray(claims.map((claim) => claim.billId)),
    token,
  ]);
  return new Set(rows.map(([billId]) => billId));
};
