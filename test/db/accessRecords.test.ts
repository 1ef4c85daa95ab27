import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../src/bill.ts';
import {
  type Access,
  addAccessRecord,
  behindAllRecords,
  checkAccessChain,
  readAccessRecords,
} from '../../src/db/accessRecords.ts';
import { sumAccessRecords } from '../../src/db/reads/accessSums.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();

const reveal: Access = {
  who: 'ann',
  roles: ['agent'],
  from: '10.0.0.1',
  what: 'reveal',
  billIds: ['42' as BillId],
  bills: 1,
  reason: 'the member called',
  result: 'done',
  requestId: 'r1',
};

async function add(access: Partial<Access> = {}, id: string = randomUUID()) {
  return addAccessRecord(test.database, id, { ...reveal, ...access });
}

beforeEach(async () => {
  await test.database.execute('truncate access_record');
  await test.database.execute(`update access_chain set seq = 0, hash = ''`);
});

describe('the access records', () => {
  it('are a chain whose end is kept apart', async () => {
    assert.deepEqual(await checkAccessChain(test.database), {
      intact: true,
      records: 0,
      brokenAt: null,
      head: null,
    });
    await add();
    await add({ who: 'bob', reason: null });
    const last = await add({ result: 'refused' });
    const facts = await checkAccessChain(test.database);
    assert.deepEqual(facts, { intact: true, records: 3, brokenAt: null, head: last?.hash });
    const page = await readAccessRecords(test.database, { before: behindAllRecords, limit: 2 });
    assert.deepEqual(
      page.map(({ seq, who, result }) => [seq, who, result]),
      [
        ['3', 'ann', 'refused'],
        ['2', 'bob', 'done'],
      ],
    );
  });

  it('are written once when the statement is asked again', async () => {
    const id = randomUUID();
    assert.ok(await add({}, id));
    assert.equal(await add({}, id), undefined);
    assert.equal((await checkAccessChain(test.database)).records, 1);
  });

  it('form one chain when many are added at a time', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => add({ requestId: `r${index}` })));
    const { intact, records } = await checkAccessChain(test.database);
    assert.deepEqual([intact, records], [true, 40]);
  });

  it('show a row that was changed, taken out or put in, and an end that was cut off', async () => {
    const tamper = async (sql: string): Promise<string | null> => {
      await test.database.execute('truncate access_record');
      await test.database.execute(`update access_chain set seq = 0, hash = ''`);
      for (let added = 0; added < 4; added++) await add();
      await test.database.execute(sql);
      return (await checkAccessChain(test.database)).brokenAt;
    };
    assert.equal(await tamper('select 1'), null);
    assert.equal(await tamper(`update access_record set who = 'eve' where seq = 2`), '2');
    assert.equal(await tamper(`update access_record set reason = null where seq = 1`), '1');
    assert.equal(await tamper('delete from access_record where seq = 2'), '3');
    assert.equal(await tamper('delete from access_record where seq = 4'), '4');
    assert.equal(
      await tamper(`
        update access_record set seq = 5 where seq = 4;
        insert into access_record
        select 4, gen_random_uuid(), at, who, roles, came_from, what, bill_ids, bills, reason, result, request_id, hash
        from access_record where seq = 3`),
      '4',
    );
  });

  it('check the rest after the oldest are gone by retention', async () => {
    for (let added = 0; added < 4; added++) await add();
    await test.database.execute('delete from access_record where seq <= 2');
    const { intact, records } = await checkAccessChain(test.database);
    assert.deepEqual([intact, records], [true, 2]);
  });

  it('are summed by person and kind for a month', async () => {
    await add();
    await add({ bills: 5 });
    await add({ result: 'refused', who: 'bob' });
    await add({ result: 'begun', what: 'publish' });
    const time = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 60_000) };
    const sums = await sumAccessRecords(test.database, { ...time, timeZone: 'Asia/Seoul' });
    assert.deepEqual(
      sums.map(({ who, what, count, bills, refused, before }) => [who, what, count, bills, refused, before]),
      [
        ['ann', 'publish', 0, 0, 0, false],
        ['ann', 'reveal', 2, 6, 0, false],
        ['bob', 'reveal', 0, 0, 1, false],
      ],
    );
  });
});
