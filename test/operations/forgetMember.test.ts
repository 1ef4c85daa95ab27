import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { MemberId } from '../../src/bill.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { traceMember } from '../../src/db/memberTraces.ts';
import { forgetMember } from '../../src/operations/forgetMember.ts';
import { ask, askValue } from '../support/ask.ts';
import { billIdOf, emptyTables, insertNotification, memberIdOf } from '../support/notifications.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { insertBill, insertMember } from '../support/testBills.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const dataDir = useTemporaryFolder();
const config = loadConfig({ DATA_DIR: dataDir });
const [theirs, others] = [memberIdOf(77), memberIdOf(770)];

beforeEach(async () => {
  await emptyTables(test.database);
  await test.database.execute(
    `truncate member, bill, bill_item, contact_index, view_link_try, suppression, bill_receipt, early_event,
       poison_record, forecast`,
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
  await run(
    `insert into forecast (id, state, request, requested_by, finished_at, facts)
     values (gen_random_uuid(), 'DONE', '{}', 'ann', now(),
       jsonb_build_object('outliers', jsonb_build_object('largest', jsonb_build_array(
         jsonb_build_object('billId', $1::text, 'amount', 5000)))))`,
    billId,
  );
  const previews = join(dataDir, 'preview');
  mkdirSync(previews, { recursive: true });
  for (const end of ['.html', '.sms.txt']) writeFileSync(join(previews, `${billId}${end}`), 'Hong');
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
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, address_hash, provider_id,
       actor, started_at, finished_at)
     values ($1, $2, 'REFUSED', 1, 'EMAIL', true, 'k:hash', null, 'dispatcher', now(), now()),
            ($1, $2, 'ACCEPTED', 1, 'SMS', true, null, 'id-' || $1, 'dispatcher', now(), now())`,
    ...[billId, token],
  );
  await run(
    `insert into unmatched_receipt (provider, provider_id, kind, came_by, address_hash)
     values ('http', 'id-' || $1, 'bounced_hard', 'webhook', 'k:hash')`,
    billId,
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
     select 'attempt', bill_id::text, address_hash from delivery_attempt where outcome = 'REFUSED' union all
     select 'unmatched', provider_id, address_hash from unmatched_receipt union all
     select 'forecast', facts #>> '{outliers,largest,0,billId}', '' from forecast union all
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
      forecasts: 1,
      addressHashes: 3,
      previewFiles: 2,
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
      ['forecast', '70', ''],
      ['link', '70', ''],
      ['poison', '170', ''],
      ['poison', '27', ''],
      ['poison', '270', ''],
      ['receipt', '7', null],
      ['receipt', '70', 'k:hash'],
      ['suppression', '77', 'k:77'],
      ['suppression', '770', 'k:770'],
      ['unmatched', 'id-7', null],
      ['unmatched', 'id-70', 'k:hash'],
    ]);
    assert.equal(await askValue(test.database, 'select count(*)::int from bill_notification'), 2);
    assert.deepEqual(readdirSync(join(dataDir, 'preview')), ['70.html', '70.sms.txt']);
  });

  it('calls the member as the billing system does', async () => {
    const named = { ...config, source: { ...config.source, idKind: 'text' as const } };
    await ask(
      test.database,
      `insert into member_reference overriding system value values ($1, 'C77') on conflict do nothing`,
      [theirs],
    );
    const deps = { config: named, database: test.database };
    const { memberId, bills } = await forgetMember(deps, { member: 'C77', dryRun: true });
    assert.deepEqual({ memberId, bills }, { memberId: 'C77', bills: 1 });
  });

  it('names what it does not delete', async () => {
    await ask(
      test.database,
      `insert into run (id, kind, state, plan, plan_hash, requested_by, proposal)
       select 'of-' || bill, 'PLANNED', 'DRAFT', '{}', '', 'ann',
         jsonb_build_object('forecast', jsonb_build_array(jsonb_build_object('billId', bill)))
       from unnest(array['7', '70']) bill`,
    );
    const { left, source, poisonOwed, proposals } = await forget(theirs, true);
    assert.deepEqual([source, poisonOwed, proposals], [{ members: 1, bills: 1 }, 1, 1]);
    assert.match(
      left.join('\n'),
      /1 member, 1 bill\..*1 record whose dead letter is not published.*suppression list.*proposals of 1 run,/s,
    );
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

  it('finds records that name them by the ids of the billing system', async () => {
    await test.database.execute('truncate bill_reference, member_reference restart identity');
    await ask(
      test.database,
      `with member as (insert into member_reference (member_key) values ('ann') returning member_id)
       insert into bill_reference (bill_key, member_id) select 'INV-1', member_id from member`,
    );
    for (const [offset, value] of Object.entries({
      31: '{"memberId":"ann","note":"Hong"}',
      32: '{"billId":"INV-1","note":"Hong"}',
      33: '{"memberId":"anna","billId":"INV-10"}',
    })) {
      await ask(
        test.database,
        `insert into poison_record (topic, partition, "offset", recorded_at, reason, value, published_at)
         values ('bill.email', 0, $1, now(), 'EVENT_BAD_ID', convert_to($2, 'UTF8'), now())`,
        [offset, value],
      );
    }
    const facts = await traceMember(test.database, '1' as MemberId, { deletes: true });
    assert.equal(facts.poisonRecords, 2);
  });

  it('wants an id', async () => {
    await assert.rejects(forget('Hong', true), /is no id of a member/);
  });
});
