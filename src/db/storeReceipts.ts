import type { AttemptName, ReceiptKind } from '../providers/inbound/receipt.ts';
import type { Database } from './database.ts';
import { owedReceipts } from './outcomes/owedReceipts.ts';
import { suppressedByReceipts } from './suppressions.ts';

/** How a receipt came to us. */
export type ReceiptWay = 'webhook' | 'poll' | 'mail';

/**
 * A receipt in the form in which it is stored. Instead of the address it has a keyed hash of it, for the
 * suppression list. The receipt's own row has none: it outlives the time when its member is forgotten.
 */
export interface StoredReceipt {
  readonly attempt?: AttemptName | undefined;
  readonly providerId?: string | undefined;
  readonly kind: ReceiptKind;
  readonly at?: Date | undefined;
  readonly code?: string | undefined;
  readonly addressHash?: string | undefined;
}

/** Who said it, and how. */
export interface ReceiptOrigin {
  readonly provider: string;
  readonly cameBy: ReceiptWay;
}

/** What was stored, by channel and kind. */
export interface StoredCount {
  /** `unknown` if the receipt has only the provider's id of the message. */
  readonly channel: string;
  readonly kind: ReceiptKind;
  /** Receipts that were new. */
  readonly fresh: number;
  /** Receipts that had come before. */
  readonly repeated: number;
}

const store = {
  name: 'store-receipts',
  text: `
    with came as (
      select distinct on (bill_id, cycle, channel, kind) *
      from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                  $8::timestamptz[])
        as came (bill_id, cycle, channel, kind, provider_id, code, address_hash, happened_at)
      order by bill_id, cycle, channel, kind
    ), stored as (
      insert into bill_receipt
        (bill_id, cycle, channel, kind, provider_id, code, happened_at, provider, came_by)
      select bill_id, cycle, channel, kind, provider_id, code, happened_at, $9, $10 from came
      on conflict (bill_id, cycle, channel, kind) do update
      set times = bill_receipt.times + 1,
          provider_id = coalesce(bill_receipt.provider_id, excluded.provider_id)
      returning bill_id, cycle, channel, kind, xmax = 0 as is_fresh
    ), ${owedReceipts}, ${suppressedByReceipts('$9')}
    select channel, kind, count(*) filter (where is_fresh)::int, count(*) filter (where not is_fresh)::int
    from stored
    group by channel, kind`,
};

const storeUnmatched = {
  name: 'store-unmatched-receipts',
  text: `
    with came as (
      select distinct on (provider_id, kind) *
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
        as came (provider_id, kind, code, address_hash, happened_at)
      order by provider_id, kind
    ), stored as (
      insert into unmatched_receipt (provider_id, kind, code, address_hash, happened_at, provider, came_by)
      select came.*, $6, $7 from came
      on conflict (provider, provider_id, kind) do update set times = unmatched_receipt.times + 1
      returning kind, xmax = 0 as is_fresh
    )
    select 'unknown', kind, count(*) filter (where is_fresh)::int, count(*) filter (where not is_fresh)::int
    from stored
    group by kind`,
};

/**
 * Stores receipts; they are judged later. If one has come before, only its count rises: an attempt has one of
 * each kind. If an address does not work, or its member complained, it is put on the suppression list by the
 * same statement.
 */
export async function storeReceipts(
  database: Database,
  receipts: readonly StoredReceipt[],
  { provider, cameBy }: ReceiptOrigin,
): Promise<StoredCount[]> {
  const named = receipts.flatMap((receipt) =>
    receipt.attempt === undefined ? [] : [{ ...receipt, attempt: receipt.attempt }],
  );
  const byId = receipts.flatMap(({ attempt, providerId, ...rest }) =>
    attempt !== undefined || providerId === undefined ? [] : [{ providerId, ...rest }],
  );
  const counts: StoredCount[] = [];
  if (named.length > 0) {
    counts.push(
      ...(await ask(database, store, [
        named.map(({ attempt }) => attempt.billId),
        named.map(({ attempt }) => attempt.cycle),
        named.map(({ attempt }) => attempt.channel),
        named.map(({ kind }) => kind),
        named.map(({ providerId }) => providerId ?? null),
        ...columnsOf(named),
        provider,
        cameBy,
      ])),
    );
  }
  if (byId.length > 0) {
    counts.push(
      ...(await ask(database, storeUnmatched, [
        byId.map(({ providerId }) => providerId),
        byId.map(({ kind }) => kind),
        ...columnsOf(byId),
        provider,
        cameBy,
      ])),
    );
  }
  return counts;
}

function columnsOf(receipts: readonly Pick<StoredReceipt, 'code' | 'addressHash' | 'at'>[]): unknown[] {
  return [
    receipts.map(({ code }) => code ?? null),
    receipts.map(({ addressHash }) => addressHash ?? null),
    receipts.map(({ at }) => at?.toISOString() ?? null),
  ];
}

async function ask(database: Database, statement: typeof store, values: unknown[]): Promise<StoredCount[]> {
  const rows = await database.query<[string, ReceiptKind, number, number]>(statement, values);
  return rows.map(([channel, kind, fresh, repeated]) => ({ channel, kind, fresh, repeated }));
}
