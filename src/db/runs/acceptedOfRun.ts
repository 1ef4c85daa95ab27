import type { BillId, ClaimToken } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Selection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { billsAmong, type SelectedBills } from '../source/selectedBills.ts';
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
  /** Attempts that were accepted later are left out. */
  readonly until: Date;
  /** The bills among which the run's are searched. */
  readonly selection: Selection;
}

type Row = [BillId | null, BillId | null, ClaimToken, number, Channel, string, string | null, Buffer | null];

const billsPerPage = 5_000;

/** All accepted messages, by bill and attempt, a page of bills at a time. */
export async function* acceptedPages(
  database: Database,
  { run, until, selection }: AcceptedQuery,
): AsyncGenerator<readonly AcceptedAttempt[]> {
  const { value, ...rows } = billsAmong(lastingPart(selection));
  const statement = statementFor(rows);
  for (let after: string = beforeAllBills; ; ) {
    const rows = await database.query<Row>(statement, [value, after, billsPerPage, run, until]);
    yield rows.flatMap(([, billId, token, cycle, channel, acceptedAt, providerId, contentHash]) =>
      billId === null ? [] : [{ billId, token, cycle, channel, acceptedAt, providerId, contentHash }],
    );
    const last = rows[0]?.[0] ?? null;
    if (last === null) return;
    after = last;
  }
}

/** Only month and ids lead to a run's bills reliably. Other conditions may have changed since. */
function lastingPart(selection: Selection): Selection {
  if (!('fields' in selection)) return selection;
  const { month } = selection.fields;
  return month === undefined ? { all: true } : { month };
}

/**
 * If the acceptance was recorded later, by somebody who did not have the hash, the entry of the doubt has it.
 * `offset 0` keeps the look-up in the journal per bill; see `reportStatements`.
 */
function statementFor({ name, rows, id }: Pick<SelectedBills, 'name' | 'rows' | 'id'>) {
  return {
    name: `accepted-of-run-${name}`,
    text: `
    with page as materialized (
      select n.bill_id, n.run from ${rows} and ${id} > $2::bigint order by ${id} limit $3
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
    ) on page.run = $4 and a.outcome = 'ACCEPTED' and a.finished_at <= $5
    order by a.bill_id, a.claim_token`,
  };
}
