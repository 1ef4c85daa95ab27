import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultKindOf, isTransient, type StatementFaultKind } from '../../src/db/statementFault.ts';

function withCode(code: string, message = 'said the server'): Error {
  return Object.assign(new Error(message), { code });
}

const kinds: Readonly<Record<StatementFaultKind, readonly string[]>> = {
  unreachable: [
    ...['08000', '08003', '08006', '08P01', '57P01', '57P02', '57P03', '57P05', 'ECONNREFUSED', 'ECONNRESET'],
    ...['EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'],
  ],
  silent: [],
  readOnly: ['25006'],
  pooler: ['26000', '42P05'],
  crowded: ['53000', '53100', '53200', '53300', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE'],
  collided: ['40001', '40P01'],
  cancelled: ['57014'],
  locked: ['55P03'],
  broken: ['58000', '58030', 'XX000', 'XX001', '25P02'],
  refused: [
    '22008',
    '22P02',
    '22021',
    '22003',
    '23505',
    '23514',
    '21000',
    '54000',
    'P0001',
    'ERR_STRING_TOO_LONG',
  ],
  lasting: ['42601', '42P01', '42501', '28P01', '3D000', 'CERT_HAS_EXPIRED', ''],
};

describe('a fault of a statement', () => {
  for (const [kind, codes] of Object.entries(kinds)) {
    for (const code of codes) {
      it(`${code || 'without a code'} is ${kind}`, () => assert.equal(faultKindOf(withCode(code)), kind));
    }
  }

  const messages: readonly (readonly [string, StatementFaultKind])[] = [
    ['Connection terminated unexpectedly', 'unreachable'],
    ['Connection terminated due to connection timeout', 'unreachable'],
    ['Connection terminated', 'unreachable'],
    ['Client has encountered a connection error and is not queryable', 'unreachable'],
    ['Client was closed and is not queryable', 'unreachable'],
    ['timeout exceeded when trying to connect', 'crowded'],
    ['Query read timeout', 'silent'],
    ['he said: Connection terminated', 'lasting'],
  ];
  for (const [message, kind] of messages) {
    it(`"${message}" of the driver is ${kind}`, () => assert.equal(faultKindOf(new Error(message)), kind));
  }

  const poolers: readonly (readonly [string, StatementFaultKind])[] = [
    ['unsupported startup parameter: options', 'pooler'],
    ['unsupported startup parameter in options: synchronous_commit', 'pooler'],
    ['bind message supplies 1 parameters, but prepared statement "" requires 2', 'pooler'],
    ['no more connections allowed (max_client_conn)', 'crowded'],
    ['query_wait_timeout', 'crowded'],
    ['no such database: nope', 'lasting'],
    ['server login has been failing, try again later (server_login_retry)', 'unreachable'],
  ];
  for (const [message, kind] of poolers) {
    it(`08P01 "${message}" is ${kind}`, () => assert.equal(faultKindOf(withCode('08P01', message)), kind));
  }

  it('is that of the address which may come back, if a host has several', () => {
    const both = new AggregateError([withCode('EACCES'), withCode('ECONNREFUSED')]);
    assert.equal(faultKindOf(both), 'unreachable');
    assert.equal(faultKindOf(new AggregateError([new Error('no')])), 'lasting');
  });

  it('is refused if a batch is longer than a string can be', () =>
    assert.equal(faultKindOf(new RangeError('Invalid string length')), 'refused'));

  it('is lasting if it is no error', () => {
    for (const thrown of ['ECONNRESET', undefined, null]) assert.equal(faultKindOf(thrown), 'lasting');
  });
});

describe('a transient fault', () => {
  it('is one that the same statement may outlive', () => {
    const passing = Object.entries(kinds).filter(([kind]) => kind !== 'refused' && kind !== 'lasting');
    for (const code of passing.flatMap(([, codes]) => codes)) {
      assert.equal(isTransient(withCode(code)), true, code);
    }
    for (const code of [...kinds.refused, ...kinds.lasting]) {
      assert.equal(isTransient(withCode(code)), false, code);
    }
  });
});
