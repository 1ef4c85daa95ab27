import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { BillId, Claim, MemberId } from '../../../src/bill.ts';
import type { Database } from '../../../src/db/database.ts';
import { type BillIdKind, ownBillSource } from '../../../src/db/source/billSource.ts';
import { createBillLoader } from '../../../src/db/source/loadBills.ts';
import { unclaimed } from '../../../src/db/source/unclaimed.ts';
import { isTransient } from '../../../src/db/statementFault.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { noDatabase } from '../../support/testApi.ts';

const folder = useTemporaryFolder();
const mostBytes = 60;

function claimOf(billId: string, memberId: string): Claim {
  return unclaimed({ billId: billId as BillId, memberId: memberId as MemberId, channel: 'EMAIL', cycle: 2 });
}

/** A source with a module of this text. */
function loaderOf(name: string, text: string, idKind: BillIdKind = 'bigint') {
  const path = join(folder, `${name}.js`);
  writeFileSync(path, text);
  return createBillLoader({ ...ownBillSource(), idKind, module: pathToFileURL(path).href });
}

describe('a source module', () => {
  it('loads a batch at once, and what it names that was not asked for is dropped', async () => {
    const load = loaderOf(
      'all',
      `export default { load: async (bills) => [
         ...bills.map((bill) => ({ billId: bill.billId, data: { fields: bill } })),
         { billId: '99', data: '{}' } ] }`,
    );
    const texts = await load(noDatabase, [claimOf('1', '7'), claimOf('2', '8')], mostBytes);
    assert.deepEqual(
      [...texts],
      [
        ['1', { text: '{"fields":{"billId":"1","memberId":"7","cycle":2}}' }],
        ['2', { text: '{"fields":{"billId":"2","memberId":"8","cycle":2}}' }],
      ],
    );
  });

  it('is asked again for a bill that is large', async () => {
    const load = loaderOf(
      'large',
      `export default { load: async ([{ billId }]) => [
         { billId, data: { long: '가'.repeat(30) }, quietHours: { start: '21:00', end: '08:00:00' } }] }`,
    );
    const quietHours = { start: '21:00:00', end: '08:00:00' };
    const first = (await load(noDatabase, [claimOf('1', '7')], mostBytes)).get('1' as BillId);
    assert.deepEqual(first, { text: '{"tooLargeBytes":101}', largeBytes: 101, quietHours });
    const again = (await load(noDatabase, [claimOf('1', '7')], 1_000)).get('1' as BillId);
    assert.deepEqual(again, { text: `{"long":"${'가'.repeat(30)}"}`, quietHours });
  });

  it('gets the ids of the billing system', async () => {
    const load = loaderOf(
      'named',
      `export default { load: async (bills) => bills.map(({ billId, memberId }) =>
         ({ billId, data: memberId })) }`,
      'text',
    );
    const query = async () => [['5', 'INV-5', 'ann', 2]];
    const database: Database = { ...noDatabase, query: query as unknown as Database['query'] };
    const texts = await load(database, [claimOf('5', '9'), claimOf('6', '9')], mostBytes);
    assert.deepEqual([...texts], [['5', { text: 'ann' }]]);
  });

  it('that fails is asked again later, and its words stay in the cause', async () => {
    const load = loaderOf(
      'failing',
      `export default { load: async () => { throw new Error('Hong Gildong') } }`,
    );
    await assert.rejects(load(noDatabase, [claimOf('1', '7')], mostBytes), (error: Error) => {
      assert.ok(isTransient(error));
      assert.equal(error.message, 'SOURCE_MODULE failed to load bills');
      assert.match(String(error.cause), /Hong Gildong/);
      return true;
    });
  });

  it('must load bills', async () => {
    const load = loaderOf('empty', 'export default {}');
    await assert.rejects(
      load(noDatabase, [claimOf('1', '7')], mostBytes),
      /SOURCE_MODULE: .*not what it must be/,
    );
  });
});
