import type { BillId, SendStatus } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';

/** Nothing of them is under way: from the hand-off on it is too late. */
const cancellable: ReadonlySet<SendStatus> = new Set(['PENDING', 'SENDING', 'FAILED']);

/**
 * State table: PENDING, SENDING, FAILED, a person: cancel -> CANCELLED, for good.
 *
 * SENDING loses its token, so its hand-off wins nothing and nothing leaves. A row that owed an event or a dead
 * letter owes nothing more: the relay marks it without publishing. What this very statement's first try has
 * journalled counts as moved: its answer was lost.
 */
const cancel = {
  name: 'cancel',
  text: `
    with open as (
      select bill_id from bill_notification
      where bill_id = any($1::bigint[]) and send_status in ('PENDING', 'SENDING', 'FAILED')
      order by bill_id
      for update skip locked
    ), cancelled as (
      update bill_notification n
      set send_status = 'CANCELLED', claim_token = null, retransmit_at = null, not_before = '-infinity',
          changed_at = now(), reason = $4
      from open
      where n.bill_id = open.bill_id and n.send_status in ('PENDING', 'SENDING', 'FAILED')
      returning n.bill_id, n.cycle, n.channel
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $2::uuid, 'CANCELLED', cycle, channel, true, $4, $3, now(), now() from cancelled
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from cancelled
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $2::uuid and outcome = 'CANCELLED'`,
};

/**
 * A person cancels bills that are not handed off yet.
 * @param actor `person <user>`
 * @param reason for the row and the journal
 */
export function cancelAs(
  database: Database,
  { actor, reason }: { actor: string; reason?: string | undefined },
): Move {
  return {
    allows: ({ sendStatus }) => cancellable.has(sendStatus),
    make: async (standings, token) => {
      const rows = await database.query<[BillId]>(cancel, [
        plainArray(standings.map(({ billId }) => billId)),
        token,
        actor,
        reason ?? null,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}

const replaced = 'REPLACED_BY';

/** The reason of a bill that a corrected one replaces: `REPLACED_BY 43`, or `REPLACED_BY 43: wrong tariff`. */
export function replacedBy(billId: BillId, why: string | undefined): string {
  return why === undefined ? `${replaced} ${billId}` : `${replaced} ${billId}: ${why}`;
}
