import { randomUUID } from 'node:crypto';
import type { BillId, Claim } from '../../../src/bill.ts';
import type { Database } from '../../../src/db/database.ts';
import { plainArray } from '../../../src/db/sql.ts';

/*
 * The SQL of the floor: the same three writes per bill as the product, without anything that guards them. It
 * shares none with src/db, because it must stay as cheap as possible while the product changes. Only loading
 * is the product's statement.
 */

const publish = {
  name: 'floor-publish',
  text: `
    update bill_notification set publish_status = 'PUBLISHED', published_at = now()
    where bill_id = any($1::bigint[]) and publish_status = 'HELD'
    returning bill_id, member_id`,
};

/** Marks these bills as published. @returns the ids of bill and member of each that was held */
export function publishAll(
  database: Database,
  billIds: readonly number[],
): Promise<[billId: string, memberId: string][]> {
  return database.query(publish, [billIds]);
}

const claim = {
  name: 'floor-claim',
  text: `
    update bill_notification set send_status = 'SENDING', claim_token = $2::uuid, changed_at = now()
    where bill_id = any($1::bigint[])`,
};

export async function claimAll(database: Database, claims: readonly Claim[]): Promise<void> {
  await database.query(claim, [idsOf(claims), randomUUID()]);
}

const handOff = {
  name: 'floor-hand-off',
  text: `
    update bill_notification set send_status = 'SENT', attempts = 1, handed_off_at = now(), changed_at = now()
    where bill_id = any($1::bigint[])`,
};

export async function handOffAll(database: Database, claims: readonly Claim[]): Promise<void> {
  await database.query(handOff, [idsOf(claims)]);
}

const settle = {
  name: 'floor-settle',
  text: `
    with settled as (
      update bill_notification set send_status = 'DELIVERED', changed_at = now()
      where bill_id = any($1::bigint[])
      returning bill_id, claim_token
    )
    insert into delivery_attempt
      (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
    select bill_id, claim_token, 'ACCEPTED', 1, 'EMAIL', true, 'floor', now(), now() from settled`,
};

export async function settleAll(database: Database, billIds: readonly BillId[]): Promise<void> {
  await database.query(settle, [plainArray(billIds)]);
}

function idsOf(claims: readonly Claim[]): string {
  return plainArray(claims.map(({ billId }) => billId));
}
