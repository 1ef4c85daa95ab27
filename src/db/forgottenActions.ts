import type { Database } from './database.ts';
import { queryCount } from './sql.ts';

const end = {
  name: 'end-forgotten-actions',
  text: `
    with expired as (
      update bill_action set state = 'EXPIRED', finished_at = now(), changed_at = now()
      where finished_at is null and state = 'READY' and expires_at <= now()
    )
    update bill_action
    set state = 'FAILED', finished_at = now(), changed_at = now(),
        problem = 'the process that looked at its bills has ended: make the action again'
    where finished_at is null and state = 'COLLECTING' and changed_at < now() - $1::float8 * interval '1 ms'`,
};

/** Ends what nobody will start or look at any more. */
export async function endForgottenActions(
  database: Database,
  { orphanAfterMs }: { readonly orphanAfterMs: number },
): Promise<void> {
  await database.query(end, [orphanAfterMs]);
}

/** An action may have two million bills, so none of them is deleted with all of its bills. */
const forget = {
  name: 'forget-bills-of-actions',
  text: `
    with old as (
      select b.action_id, b.bill_id from bill_action a cross join lateral (
        select action_id, bill_id from bill_action_bill where action_id = a.id limit $2
      ) b
      where a.finished_at < now() - $1::float8 * interval '1 ms'
      limit $2
    ), gone as (
      delete from bill_action_bill b using old
      where b.action_id = old.action_id and b.bill_id = old.bill_id
      returning 1
    )
    select count(*)::int from gone`,
};

/** Forgets how the bills of old actions stood, at most `limit` of them; returns how many. */
export function forgetBillsOfActions(
  database: Database,
  { keepMs, limit }: { readonly keepMs: number; readonly limit: number },
): Promise<number> {
  return queryCount(database, forget, [keepMs, limit]);
}
