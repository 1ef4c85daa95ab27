import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clearDatabaseError } from '../../src/db/clearError.ts';
import { BillcastError } from '../../src/errors.ts';

function withCode(code: string, message = 'said the server'): Error {
  return Object.assign(new Error(message), { code });
}

describe('one clear sentence', () => {
  for (const [code, says] of [
    ['28P01', /user and the password/],
    ['28000', /pg_hba.conf/],
    ['3D000', /no such database/],
    ['42501', /migrate --grant-run/],
    ['42P01', /npx billcast migrate/],
    ['25006', /primary/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /sslrootcert=FILE.*sslmode=require/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /sslrootcert=FILE/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another host/],
    ['ECONNREFUSED', /unreachable/],
    ['57P03', /unreachable/],
    ['53300', /max_connections/],
  ] as const) {
    it(`for ${code} says what to do, and keeps the cause`, () => {
      const error = withCode(code);
      const clear = clearDatabaseError(error);
      assert.match(clear?.message ?? '', says);
      assert.deepEqual([clear?.code, clear?.cause], ['DATABASE_FAILED', error]);
    });
  }

  it('for a server without TLS, and for a missing password', () => {
    assert.match(
      clearDatabaseError(new Error('The server does not support SSL connections'))?.message ?? '',
      /sslmode/,
    );
    const missing = 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string';
    assert.match(clearDatabaseError(new Error(missing))?.message ?? '', /has none/);
  });

  it('is not made up for what is of nobody or is clear already', () => {
    for (const error of [
      new TypeError('x is not a function'),
      withCode('ENOENT'),
      new BillcastError('USAGE', 'x'),
      'x',
    ]) {
      assert.equal(clearDatabaseError(error), undefined);
    }
  });
});
