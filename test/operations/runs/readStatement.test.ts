import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { readStatement, type StatementColumns } from '../../../src/operations/runs/readStatement.ts';

async function read(
  content: string | Buffer,
  columns: StatementColumns = {},
  encoding = 'utf-8',
  mostLines?: number,
) {
  const bytes = Readable.from([Buffer.from(content)]);
  const { parts, sha256 } = readStatement({ bytes, name: 'their.csv', columns, encoding, mostLines });
  const messages = (await Array.fromAsync(parts)).flat();
  assert.equal(sha256(), createHash('sha256').update(content).digest('hex'));
  return messages;
}

describe("a provider's statement", () => {
  it('is found by the usual names of columns, with commas in costs', async () => {
    assert.deepEqual(await read('\uFEFFMessage_Id,Reference,Price\r\nm-1,7:SMS:1,"1,313.50"\r\nm-2,,\r\n'), [
      { line: 2, key: '7:SMS:1', providerId: 'm-1', cost: '1313.50' },
      { line: 3, key: null, providerId: 'm-2', cost: null },
    ]);
  });

  it('may be of any length and in EUC-KR', async () => {
    // `번호` and `요금`.
    const heads = Buffer.from([0xb9, 0xf8, 0xc8, 0xa3, 0x2c, 0xbf, 0xe4, 0xb1, 0xdd, 0x0a]);
    const lines = Array.from({ length: 5_000 }, (_, index) => `m-${index},13\n`).join('');
    const messages = await read(Buffer.concat([heads, Buffer.from(lines)]), { id: '번호' }, 'euc-kr');
    assert.equal(messages.length, 5_000);
    assert.deepEqual(messages.at(-1), { line: 5_001, key: null, providerId: 'm-4999', cost: '13' });
  });

  it('of more lines than are compared at once is refused by the name of the command', async () => {
    assert.equal((await read('id\na\nb\n', {}, 'utf-8', 2)).length, 2);
    await assert.rejects(
      read('id\na\nb\nc\n', {}, 'utf-8', 2),
      /their\.csv has more than 2 messages, .*: `npx billcast run statement <run> .*` compares any number$/,
    );
  });

  it('that cannot be used is refused in words that help', async () => {
    const refused = (content: string, columns?: StatementColumns) =>
      read(content, columns).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    assert.match(
      await refused('a,b\n1,2\n'),
      /has the columns a, b: say which one is the id or our key, such as id=a/,
    );
    assert.match(await refused('a,b\n1,2\n', { id: 'c' }), /has no column c: it has a, b/);
    assert.match(await refused('id,cost\nx,many\n'), /line 2 of the statement: the cost many is no number/);
    assert.match(await refused('id,cost\n"x,1\n'), /cannot be read as CSV: Quote Not Closed/);
    assert.match(await refused('id,cost\nx,1,2\n'), /cannot be read as CSV: Invalid Record Length/);
    await assert.rejects(read('id\n1\n', {}, 'latin-99'), /there is no encoding latin-99/);
  });
});
