import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decodeKeys } from '../../../src/consumer/intake/decodeKeys.ts';
import { resolveKeys } from '../../../src/db/source/resolveKeys.ts';
import { ask, askValue } from '../../support/ask.ts';
import { emptyTables } from '../../support/notifications.ts';
import { namedRecord } from '../../support/records.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(async () => {
  await emptyTables(db.database);
  await ask(db.database, 'truncate bill_reference, member_reference, early_event, poison_record');
});

describe('an event that names its bill by an id of the billing system', () => {
  it('is kept for the bill that is registered later, under the number that it gets then', async () => {
    const pipeline = await createTestPipeline(db.database, { idKind: 'text' });
    const record = namedRecord('INV-1', 'M-1');
    pipeline.receive('EMAIL', [record]);
    await record.whenDone;
    await pipeline.stop();
    assert.equal(
      await askValue(
        db.database,
        `select b.bill_key || ' ' || m.member_key from early_event e
         join bill_reference b on b.bill_id = e.bill_id join member_reference m on m.member_id = e.member_id`,
      ),
      'INV-1 M-1',
    );
  });

  it('cannot be used if ids are numbers, or if it is no UUID', async () => {
    for (const idKind of ['bigint', 'uuid'] as const) {
      const pipeline = await createTestPipeline(db.database, { idKind });
      const record = namedRecord('INV-1', 'M-1');
      pipeline.receive('EMAIL', [record]);
      await record.whenDone;
      await pipeline.stop();
    }
    const reasons = `select string_agg(distinct reason, ' ') || count(*) from poison_record`;
    assert.equal(await askValue(db.database, reasons), 'EVENT_BAD_ID2');
  });
});

describe('the numbers of ids', () => {
  it('are given once, also by many at the same time', async () => {
    const named = Array.from({ length: 20 }, (_, n) => ({ billKey: `INV-${n}`, memberKey: `M-${n % 3}` }));
    await Promise.all(Array.from({ length: 8 }, () => resolveKeys(db.database, named)));
    const [first, second] = [await resolveKeys(db.database, named), await resolveKeys(db.database, named)];
    assert.equal(first.size, 20);
    assert.deepEqual(first, second);
    assert.equal(new Set([...first.values()].map(({ memberId }) => memberId)).size, 3);
  });
});

describe('decodeKeys', () => {
  it('reads ids that are no numbers, and a UUID in one form', () => {
    const read = (value: unknown, idKind: 'uuid' | 'text') =>
      decodeKeys(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), idKind);
    const uuid = '3F2504E0-4F89-41D3-9A0C-0305E82C3301';
    assert.deepEqual(read({ billId: uuid, memberId: uuid }, 'uuid'), {
      billKey: uuid.toLowerCase(),
      memberKey: uuid.toLowerCase(),
    });
    assert.deepEqual(read({ billId: 'A-1', memberId: '17' }, 'text'), { billKey: 'A-1', memberKey: '17' });
    for (const wrong of [
      { billId: '17', memberId: 'A' },
      { billId: 'A', memberId: 17 },
      { billId: 'A\u0000', memberId: 'B' },
      { billId: 'A'.repeat(201), memberId: 'B' },
      { billId: '', memberId: 'B' },
      'null',
      '{',
    ]) {
      assert.equal(read(wrong, 'text'), undefined, JSON.stringify(wrong));
    }
    assert.equal(decodeKeys(null, 'text'), undefined);
  });
});
