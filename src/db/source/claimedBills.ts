import type { BillSource } from './billSource.ts';

/** The relation from which `load.sql` reads a batch: the bills' ids in the billing system. */
export function claimedOf({ idKind }: Pick<BillSource, 'idKind'>): string {
  const claims = 'unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)';
  if (idKind === 'bigint') return `claimed as (select * from ${claims})`;
  return `named as materialized (
      select claim.bill_id, b.bill_key, m.member_key, claim.cycle
      from ${claims}
      join bill_reference b on b.bill_id = claim.bill_id and b.member_id = claim.member_id
      join member_reference m on m.member_id = b.member_id
    ), claimed as (
      select bill_key::${idKind} as bill_id, member_key::${idKind} as member_id, cycle from named
    )`;
}
