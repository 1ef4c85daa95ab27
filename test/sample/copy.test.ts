import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Column, copyInto, copyLine } from '../../src/sample/copy.ts';
import { createTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

describe('copyLine', () => {
  it('escapes what COPY would read as structure', () => {
    assert.equal(
      copyLine(['a\tb', 'c\nd', 'e\r', '\\N', '\\.', '', null]),
      'a\\tb\tc\\nd\te\\r\t\\\\N\t\\\\.\t\t\\N\n',
    );
  });

  it('writes numbers of any size as digits', () => {
    assert.equal(copyLine([0, -5, 2n ** 63n - 1n]), '0\t-5\t9223372036854775807\n');
  });
});

describe('copyInto', () => {
  let test: TestDatabase;
  before(async () => {
    test = await createTestDatabase();
  });
  after(() => test.drop());

  it('brings every text back as it was', async () => {
    const text = fc.oneof(
      fc.constantFrom('\\.', '\\N', '\\', '\t', '\n', '\r\n', '', 'NULL', '{"a":"\\n"}'),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', 'b', 'x', '가') }),
    );
    const rows = fc.sample(fc.tuple(fc.option(text), fc.option(text)), 2_000);
    const lines = rows.map((row, index) => copyLine([index, ...row.map(withoutZero)]));
    const stored = await test.database.withConnection(async (connection) => {
      await connection.run('create temporary table copied (id bigint, a text, b text)');
      await copyInto(connection, { table: 'copied', columns: ['id', 'a', 'b'] }, lines);
      return connection.run('select a, b from copied order by id');
    });
    assert.deepEqual(
      stored,
      rows.map((row) => row.map(withoutZero)),
    );
  });

  it('reports a row that the table refuses', async () => {
    const copied = test.database.withConnection((connection) =>
      copyInto(connection, { table: 'bill_notification', columns: ['bill_id', 'member_id'] }, [
        copyLine([1, 1]),
        copyLine([1, 2]),
      ]),
    );
    await assert.rejects(copied, { code: '23505' });
  });
});

/** PostgreSQL's text cannot hold the character 0. */
function withoutZero(text: string | null): Column {
  return text?.replaceAll('\0', '') ?? null;
}
