import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTransient } from '../../src/db/transient.ts';

const withCode = (code: string): Error => Object.assign(new Error('said the server'), { code });

describe('a transient failure', () => {
  const transient = [
    ...['08000', '08003', '08006', '08P01', '40001', '40P01', '53100', '53200', '53300', '57P01', '57P02'],
    ...['57P03', '57P05', '25006', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'],
    ...['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ];
  for (const code of transient) it(`is ${code}`, () => assert.equal(isTransient(withCode(code)), true));

  const messages = [
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ];
  for (const message of messages)
    it(`is the driver's "${message}"`, () => assert.equal(isTransient(new Error(message)), true));

  it('is a host of which one address may come back', () => {
    const both = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]);
    assert.equal(isTransient(both), true);
    assert.equal(isTransient(new AggregateError([new Error('no')])), false);
  });
});

describe('a lasting failure', () => {
  const lasting = ['23505', '23514', '42601', '42P01', '22008', '28P01', '3D000', '57014', 'ERR_TLS', ''];
  for (const code of lasting)
    it(`is ${code || 'one without a code'}`, () => assert.equal(isTransient(withCode(code)), false));

  it('is what only mentions a cut connection, and what is no error', () => {
    assert.equal(isTransient(new Error('he said: Connection terminated')), false);
    assert.equal(isTransient('ECONNRESET'), false);
    assert.equal(isTransient(undefined), false);
  });
});
