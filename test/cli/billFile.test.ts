import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readBillFile, readNamedBills } from '../../src/cli/billFile.ts';
import { billIdOf } from '../support/notifications.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
let files = 0;
function fileOf(text: string): string {
  const file = join(folder, `bills-${++files}.csv`);
  writeFileSync(file, text);
  return file;
}
async function idsOf(text: string) {
  return (await readBillFile(fileOf(text))).map(({ billId }) => billId);
}

describe('a file of bills', () => {
  const readable: readonly [string, string][] = [
    ['a number per line', '1\n22\n9223372036854775807\n'],
    ['Windows lines and no end of line', '1\r\n22\r\n9223372036854775807'],
    ['a byte order mark, blanks and empty lines', '\ufeff 1 \n\n22\t\n  \n9223372036854775807\n'],
    ['a header', 'bill_id,reason\n1,a\n22,b\n9223372036854775807,c\n'],
    ['quotes', '"billId";"reason"\n"1";"a, b"\n"22";""\n"9223372036854775807"\n'],
  ];
  for (const [what, text] of readable) {
    it(`may have ${what}`, async () => {
      assert.deepEqual(await idsOf(text), ['1', '22', '9223372036854775807']);
    });
  }

  it('gives the text that follows the number', async () => {
    const lines = await readBillFile(fileOf('7,7:EMAIL:1,"550, ""no such user"""\n8\n'));
    assert.deepEqual(lines, [
      { billId: '7', cells: ['7:EMAIL:1', '550, "no such user"'] },
      { billId: '8', cells: [] },
    ]);
  });

  it(
    'with lines that name no bill is refused as a whole, with their numbers and not their ' + 'text',
    async () => {
      const text = `1\nhong@example.com\n3\n1e3\n-5\n0\n9223372036854775808\n007\n${'x\n'.repeat(3)}`;
      await assert.rejects(readBillFile(fileOf(text)), (error: Error) => {
        assert.match(error.message, /no bill id at the beginning of line 2, 4, 5, 6, 7 and 4 more\./);
        assert.doesNotMatch(error.message, /hong/);
        return true;
      });
    },
  );

  for (const text of ['', '\n\n', 'bill_id\n']) {
    it(`that names no bill is refused: ${JSON.stringify(text)}`, async () => {
      await assert.rejects(readBillFile(fileOf(text)), /names no bill/);
    });
  }

  it('that is not there is refused with the cause', async () => {
    await assert.rejects(readBillFile(join(folder, 'missing')), (error: Error) => {
      assert.match(error.message, /missing cannot be read as a list of bills/);
      assert.match(String(error.cause), /ENOENT/);
      return true;
    });
  });

  it('of several chunks is read, and what is named twice is counted', async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => billIdOf(index + 1));
    const { billIds, repeated } = await readNamedBills({
      bill: [billIdOf(1), billIdOf(60_000)],
      file: fileOf([...ids, ...ids.slice(0, 10)].join('\n')),
    });
    assert.deepEqual([billIds?.length, repeated], [20_001, { repeated: 11 }]);
  });
});
