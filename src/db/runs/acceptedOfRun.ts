import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Selection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';

/** A message of a run that a provider accepted. */
export interface AcceptedAttempt {
  readonly billId: BillId;
  readonly token: ClaimToken;
  readonly cycle: number;
  readonly channel: Channel;
  /** ISO 8601 in UTC, in microseconds. */
  readonly acceptedAt: string;
  readonly providerId: string | null;
  /** 40 bytes; null if the message was not hashed. */
  readonly contentHash: Buffer | null;
}

export interface AcceptedQuery {
  readonly run: number;
  /** What was accepted later is left out. */
  readonly until: Date;
  /** Which bills are looked through; all if it is missing. */
  readonly selection: Selection | undefined;
}

type Row = [BillId | null, BillId | null, ClaimToken, number, Channel, string, string | null, Buffer | null];

const billsPerPage = 5_000;

/** All of them, by bill and attempt, a page of bills at a time. */
export async function* acceptedPages(
  database: Database,
  { run, until, selection }: AcceptedQuery,
): AsyncGenerator<readonly AcceptedAttempt[]> {
  const { statement, value } = pageOf(selection);
  for (let after: string = beforeAllBills; ; ) {
    const rows = await database.query<Row>(statement, [after, billsPerPage, run, until, value]);
    yield rows.flatMap(([, billId, token, cycle, channel, acceptedAt, providerId, contentHash]) =>
      billId === null ? [] : [{ billId, token, cycle, channel, acceptedAt, providerId, contentHash }],
    );
    const last = rows[0]?.[0] ?? null;
    if (last === null) return;
    after = last;
  }
}

/** The month or the ids lead to a run's bills. What else it selects by may have changed since. */
function pageOf(selection: Selection | undefined) {
  const ids = selection && 'billIds' in selection ? selection : undefined;
  const month = selection && ('month' in selection ? selection.month : fieldsOf(selection).month);
  const known = ids ?? (month === undefined ? undefined : { month });
  if (known === undefined) {
    const rows = 'bill_notification n where $5::text is null';
    return { statement: statementFor({ name: 'all', rows, id: 'n.bill_id' }), value: null };
  }
  const { name, rows, id, value } = selectedBills(known);
  return { statement: statementFor({ name, rows: rows.replaceAll('$1', '$5'), id }), value };
}

function fieldsOf(selection: Selection): { readonly month?: string | undefined } {
  return 'fields' in selection ? selection.fields : {};
}

/**
 * If the acceptance came later, by somebody who did not have the hash, the entry of the doubt has it.
 * `offset 0` keeps the look-up in the journal per bill; see `reportStatements`.
 */
function statementFor({
  name,
  rows,
  id,
}: {
  readonly name: string;
  readonly rows: string;
  readonly id: string;
}) {
  return {
    name: `accepted-of-run-${name}`,
    text: `
    with page as materialized (
      select n.bill_id, n.run from ${rows} and ${id} > $1::bigint order by ${id} limit $2
    )
    select l.last, a.bill_id, a.claim_token, a.cycle, a.channel,
           to_char(a.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.provider_id,
           coalesce(a.content_hash, (
             select d.content_hash from delivery_attempt d
             where d.bill_id = a.bill_id and d.claim_token = a.claim_token and d.outcome = 'UNKNOWN'))
    from (select max(bill_id) as last from page) l
    left join (
      page cross join lateral (
        select j.* from delivery_attempt j where j.bill_id = page.bill_id offset 0
      ) a
    ) on page.run = $3 and a.outcome = 'ACCEPTED' and a.finished_at <= $4
    order by a.bill_id, a.claim_token`,
  };
}
