import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  type BillSource,
  ownBillSource,
  readBillSource,
  sourceStatements,
} from '../../../src/db/source/billSource.ts';
import { checkSource } from '../../../src/db/source/checkSource.ts';
import { BillcastError } from '../../../src/errors.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();

/** What the check says of our own statements with some of them changed. */
async function saidOf(changed: Partial<BillSource>): Promise<string> {
  const fault: unknown = await checkSource(db.database, {
    ...ownBillSource(),
    folder: 'my',
    ...changed,
  }).then(
    () => 'nothing',
    (error) => error,
  );
  if (typeof fault === 'string') return fault;
  assert.ok(fault instanceof BillcastError && fault.code === 'SOURCE_INVALID', String(fault));
  return fault.message;
}

describe('the check of a source', () => {
  it('is content with our own', async () => assert.equal(await saidOf({}), 'nothing'));

  it('names the file, the line and the reason of a statement that PostgreSQL refuses', async () => {
    const bills = 'select id as bill_id,\n  member_id,\n  billing_mnth as billing_month from bill';
    assert.match(await saidOf({ bills }), /^my\/bills\.sql: line 3: column "billing_mnth" does not exist/);
    const load = `${ownBillSource().load}\nwhere`;
    assert.match(await saidOf({ load }), /^my\/load\.sql: line \d+: syntax error/);
  });

  it('compares what each bill asks for too, if the source says it', async () => {
    assert.equal(await saidOf({ amounts: undefined }), 'nothing');
    const amounts = 'select id as bill_id, total_billed_amount / 100.0 as amount from bill';
    const said = await saidOf({ amounts });
    assert.match(said, /^my\/amounts\.sql: gives amount as numeric, and it must be int8 or int4 or int2$/m);
    assert.match(said, /^my\/amounts\.sql: gives no column currency/m);
  });

  it('names each column that is missing or of another type, and what it must be', async () => {
    const bills = 'select id::text as bill_id, billing_month from bill';
    const members = 'select id as member_id, email, 1 as phone from member;';
    const said = await saidOf({ bills, members });
    assert.match(said, /^my\/bills\.sql: gives bill_id as text, and it must be int8 or int4 or int2$/m);
    assert.match(said, /^my\/bills\.sql: gives no column member_id \(int8 or int4 or int2\)$/m);
    assert.match(
      said,
      /^my\/members\.sql: line 1: syntax error at or near ";"$/m,
      'a file is read without it',
    );
  });
});

describe('reading a source', () => {
  it('takes a folder of the four files, each with or without a semicolon at its end', () => {
    const mine = join(folder, 'mine');
    mkdirSync(mine);
    for (const name of sourceStatements) writeFileSync(join(mine, `${name}.sql`), `select '${name}' ; \n`);
    assert.equal(readBillSource(mine, 'uuid').load, "select 'load'");
    rmSync(join(mine, 'load.sql'));
    assert.throws(() => readBillSource(mine, 'uuid'), {
      code: 'SOURCE_INVALID',
      message: `${join(mine, 'load.sql')} cannot be read: put it there (docs/data.md)`,
    });
  });
});
