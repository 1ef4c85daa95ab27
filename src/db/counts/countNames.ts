import type { CountedColumn } from './countedMoves.ts';
import { heardFilters } from './heardBills.ts';
import type { TalliedCount } from './moveTally.ts';

/** The counts of bills per window that moves change between two countings. */
export const countNames = [
  'total',
  'held',
  'owed',
  'delivered',
  'cancelled',
  'failed',
  'in_doubt',
  'sms',
] as const satisfies readonly ('total' | CountedColumn | TalliedCount)[];

/** All counts per window: columns of `bill_count` and `bill_month_count`. */
export const windowNames = [
  ...countNames,
  'waiting',
  'letters',
  'retransmit',
  'confirmed',
  'bounced',
] as const;

/**
 * The condition for each count.
 * @param row the name of the relation; that of `heardBills` is `heard`
 * @param first a parameter: the channel with which a cycle begins
 */
export function countFilters(
  row: string,
  first: `$${number}`,
): Readonly<Record<(typeof windowNames)[number], string>> {
  return {
    total: 'true',
    held: `${row}.send_status = 'PENDING' and ${row}.publish_status = 'HELD'`,
    owed: `${row}.publish_status = 'PENDING'`,
    delivered: `${row}.send_status = 'DELIVERED'`,
    cancelled: `${row}.send_status = 'CANCELLED'`,
    failed: `${row}.send_status = 'FAILED'`,
    in_doubt: `${row}.send_status = 'IN_DOUBT'`,
    sms: `${row}.channel <> ${first} and ${row}.send_status <> 'FAILED'`,
    waiting: `${row}.publish_status = 'PENDING' and ${row}.not_before > now()`,
    letters: `${row}.publish_status = 'PENDING' and ${row}.send_status = 'FAILED'`,
    retransmit: `${row}.retransmit_at is not null`,
    ...heardFilters,
  };
}

/** A select list with the counts of these names, over rows that meet a condition. */
export function countColumns(
  names: readonly (typeof windowNames)[number][],
  filters: ReturnType<typeof countFilters>,
  condition = 'true',
): string {
  return names
    .map((name) => `count(*) filter (where ${condition} and ${filters[name]})::int as ${name}`)
    .join(', ');
}

/** A select list with the sums of the columns of these names. */
export function sumColumns(names: readonly string[]): string {
  return names.map((name) => `coalesce(sum(${name}), 0)::int as ${name}`).join(', ');
}
