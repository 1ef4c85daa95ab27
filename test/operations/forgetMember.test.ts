import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { forgetMember } from '../../src/operations/forgetMember.ts';
import { ask, askValue } from '../support/ask.ts';
import { billIdOf, emptyTables, insertNotification, memberIdOf } from '../support/notifications.ts';
import { insertBill, insertMember } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const config = loadConfig({});
const [theirs, others] = [memberIdOf(77), memberIdOf(770)];

beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute(
    `truncate member, bill, bill_item, contact_index, view_link_try, suppression, bill_receipt, early_event,
       poison_record`,
  );
  for (const [memberId, billId] of [
    [theirs, billIdOf(7)],
    [others, billIdOf(70)],
  ] as const) {
    await insertMember(test.database, memberId);
    await insertBill(test.database, { billId, memberId });
    const { token } = await insertNotification(test.database, { billId, memberId, sendStatus: 'DELIVERED' });
    await addTraces(memberId, billId, token);
  }
});

async function addTraces(memberId: string, billId: string, token: string): Promise<void> {
  const run = (text: string, ...values: unknown[]) => ask(test.database, text, values);
  await run(`insert into contact_index values ($1, 'email', 'x'::bytea)`, memberId);
  await run('insert into view_link_try (bill_id, cycle, tries) values ($1, 1, 2)', billId);
  await run(
    `insert into suppression (channel, address_hash, member_id, bill_id, reason, added_by)
     values ('EMAIL', $1, $2, $3, 'manual', 'ann')`,
    ...[`k:${memberId}`, memberId, billId],
  );
  await run(
    `insert into bill_receipt (bill_id, cycle, channel, kind, provider, came_by, address_hash)
     values ($1, 1, 'EMAIL', 'bounced_soft', 'smtp', 'mail', 'k:hash')`,
    billId,
  );
  await run(
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, address_hash, actor,
       started_at, finished_at)
     values ($1, $2, 'REFUSED', 1, 'EMAIL', true, 'k:hash', 'dispatcher', now(), now())`,
    ...[billId, token],
  );
  await run(
    `insert into early_event (topic, partition, "offset", recorded_ms, bill_id, member_id, value)
     values ('bill.email', 0, $1, 0, $1, $2, 'name: Hong')`,
    ...[billId, memberId],
  );
  const value = `{"memberId": ${memberId}, "name": "Hong"}`;
  for (const [offset, publishedAt] of [
    [`1${billId}`, '2026-11-01'],
    [`2${billId}`, null],
  ]) {
    await run(
      `insert into poison_record (topic, partition, "offset", recorded_at, reason, value, published_at)
       values ('bill.email', 0, $1, now(), 'EVENT_BAD_ID', convert_to($2, 'UTF8'), $3)`,
      ...[offset, value, publishedAt],
    );
  }
}

function forget(member: string, dryRun: boolean) {
  return forgetMember({ config, database: test.database }, { member, dryRun });
}

/** All rows that are left, by table, as text. */
function contents(): Promise<unknown[][]> {
  return ask(
    test.database,
    `select 'contact', member_id::text, '' from contact_index union all
     select 'link', bill_id::text, '' from view_link_try union all
     select 'suppression', member_id::text, address_hash from suppression union all
     select 'receipt', bill_id::text, address_hash from bill_receipt union all
     select 'attempt', bill_id::text, address_hash from delivery_attempt union all
     select 'early', bill_id::text, '' from early_event union all
     select 'poison', "offset"::text, '' from poison_record
     order by 1, 2`,
  );
}

describe('forgetting a member', () => {
  it('only counts in a dry run', async () => {
    const before = await contents();
    const facts = await forget(theirs, true);
    assert.deepEqual(facts.forgotten, {
      contactIndex: 1,
      earlyEvents: 1,
      poisonRecords: 1,
      viewLinkTries: 1,
      addressHashes: 2,
    });
    assert.deepEqual(await contents(), before);
  });

  it('deletes what is theirs, keeps what happened, and touches nobody else', async () => {
    const dry = await forget(theirs, true);
    const facts = await forget(theirs, false);
    assert.deepEqual(facts, { ...dry, dryRun: false });
    assert.deepEqual(await contents(), [
      ['attempt', '7', null],
      ['attempt', '70', 'k:hash'],
      ['contact', '770', ''],
      ['early', '70', ''],
      ['link', '70', ''],
      ['poison', '170', ''],
      ['poison', '27', ''],
      ['poison', '270', ''],
      ['receipt', '7', null],
      ['receipt', '70', 'k:hash'],
      ['suppression', '77', 'k:77'],
      ['suppression', '770', 'k:770'],
    ]);
    assert.equal(await askValue(test.database, 'select count(*)::int from bill_notification'), 2);
  });

  it('names what it does not delete', async () => {
    const { left, source, poisonOwed } = await forget(theirs, true);
    assert.deepEqual([source, poisonOwed], [{ members: 1, bills: 1 }, 1]);
    assert.match(left.join('\n'), /1 members, 1 bills.*dead letter is not published.*suppression list/s);
  });

  it('does it again without harm', async () => {
    await forget(theirs, false);
    const { forgotten } = await forget(theirs, false);
    assert.ok(Object.values(forgotten).every((rows) => rows === 0));
  });

  it('refuses while a bill of theirs may still be sent', async () => {
    await insertNotification(test.database, { billId: billIdOf(8), memberId: theirs });
    await assert.rejects(forget(theirs, false), /may still be sent: 8\./);
  });

  it('wants an id', async () => {
    await assert.rejects(forget('Hong', true), /is no id of a member/);
  });
});
