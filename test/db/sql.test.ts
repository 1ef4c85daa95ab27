import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { plainArray } from '../../src/db/sql.ts';
import { askValue } from '../support/ask.ts';
import { newToken } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('plainArray', () => {
  it('is read by PostgreSQL as the very bigints that went in', async () => {
    const bigints = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(bigints, async (values) => {
        const texts = values.map(String);
        const read = await askValue(db.database, 'select $1::bigint[]::text[]', [plainArray(texts)]);
        assert.deepEqual(read, texts);
      }),
      { numRuns: 50 },
    );
  });

  it('is read as the very doubles that went in, however small or large', async () => {
    const doubles = fc.array(fc.double({ noDefaultInfinity: true, noNaN: true }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(doubles, async (values) => {
        const read = await askValue<number[]>(db.database, 'select $1::float8[]', [plainArray(values)]);
        assert.deepEqual(
          read.map((value) => value + 0),
          values.map((value) => value + 0),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('takes UUIDs and words, and nothing at all', async () => {
    const tokens = [newToken(), newToken()];
    assert.deepEqual(await askValue(db.database, 'select $1::uuid[]::text[]', [plainArray(tokens)]), tokens);
    assert.deepEqual(await askValue(db.database, 'select $1::text[]', [plainArray(['EVENT_EMPTY', 'SMS'])]), [
      'EVENT_EMPTY',
      'SMS',
    ]);
    assert.deepEqual(await askValue(db.database, 'select $1::bigint[]', [plainArray([])]), []);
  });
});
