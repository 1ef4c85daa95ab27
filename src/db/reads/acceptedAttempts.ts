import type { BillId, ClaimToken } from '../../bill.ts';
import { chunk } from '../../lib/chunk.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** Attempts that the provider accepted, in the form of `acceptedKeyOf`. */
export type AcceptedAttempts = ReadonlySet<string>;

export function acceptedKeyOf(token: ClaimToken, providerId: string): string {
  return `${token}/${providerId}`;
}

const select = {
  name: 'select-accepted-attempts',
  text: `
    select distinct a.claim_token, a.provider_id
    from delivery_attempt a
      join unnest($1::bigint[], $2::text[]) as report (bill_id, provider_id)
        on report.bill_id = a.bill_id and report.provider_id = a.provider_id
    where a.outcome = 'ACCEPTED'`,
};

const reportsPerCall = 5_000;

/** The attempts that, by the journal, the provider accepted under the ids in these reports. */
export async function findAcceptedAttempts(
  database: Database,
  evidence: ReadonlyMap<BillId, readonly { readonly providerId?: string | undefined }[]>,
): Promise<AcceptedAttempts> {
  const named = [...evidence].flatMap(([billId, reports]) =>
    reports.flatMap(({ providerId }) => (providerId === undefined ? [] : [{ billId, providerId }])),
  );
  const accepted = new Set<string>();
  for (const part of chunk(named, reportsPerCall)) {
    const rows = await database.query<[ClaimToken, string]>(select, [
      plainArray(part.map(({ billId }) => billId)),
      part.map(({ providerId }) => providerId),
    ]);
    for (const [token, providerId] of rows) accepted.add(acceptedKeyOf(token, providerId));
  }
  return accepted;
}
