import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it, mock } from 'node:test';
import type { Mapping, Signing } from '../../../src/providers/mapped/mappingSchema.ts';
import { createSigner } from '../../../src/providers/mapped/signRequest.ts';

const request = {
  method: 'POST',
  path: '/x?a=1',
  body: Buffer.from('{}'),
  key: '5:SMS:1',
  attempt: 2,
} as const;

function sign(signing: Signing | undefined, facts: Partial<Mapping> = {}) {
  const mapping = { origin: 'https://acme.example', headers: {}, signing, ...facts } as Mapping;
  return createSigner(mapping, { 'content-type': 'application/json' })(request);
}

describe('the headers of a request', () => {
  it('have the credentials of the settings', async () => {
    assert.equal((await sign({ kind: 'bearer', token: 't' })).authorization, 'Bearer t');
    const { authorization } = await sign({ kind: 'basic', user: 'u', password: 'p' });
    assert.equal(authorization, `Basic ${Buffer.from('u:p').toString('base64')}`);
    assert.deepEqual(await sign(undefined), { 'content-type': 'application/json' });
  });

  it('have a key that holds for this hand-off, if the provider fails a repeated one', async () => {
    const idempotency = {
      header: 'x-key',
      value: '{{key}}:{{attempt}}',
      holdsForMinutes: 10,
      repeat: 'fails',
    } as const;
    assert.equal((await sign(undefined, { idempotency }))['x-key'], '5:SMS:1:2');
  });

  it('have one time and one salt, in the text that is signed and beside it', async () => {
    const headers = {
      'x-time': '{{unixMs}}',
      'x-iso': '{{isoTime}}',
      'x-salt': '{{salt}}',
      'x-sign': '{{signature}}',
    };
    const over = '{{method}} {{path}} {{unixMs}} {{isoTime}} {{salt}}';
    const signed = await sign({
      kind: 'hmac',
      algorithm: 'sha256',
      key: 'k',
      over,
      encoding: 'hex',
      headers,
    });
    const text = `POST /x?a=1 ${signed['x-time']} ${signed['x-iso']} ${signed['x-salt']}`;
    assert.equal(signed['x-sign'], createHmac('sha256', 'k').update(text).digest('hex'));
    assert.equal(new Date(Number(signed['x-time'])).toISOString(), signed['x-iso']);
  });

  it('are those of AWS Signature Version 4', async () => {
    // The vector post-vanilla of AWS' test suite.
    mock.timers.enable({ apis: ['Date'], now: Date.parse('2015-08-30T12:36:00Z') });
    const signing: Signing = {
      kind: 'sigv4',
      service: 'service',
      region: 'us-east-1',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    };
    const mapping = { origin: 'https://example.amazonaws.com', headers: {}, signing } as unknown as Mapping;
    const { authorization } = await createSigner(mapping, {})({ ...request, path: '/', body: undefined });
    mock.timers.reset();
    assert.equal(
      authorization,
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        'SignedHeaders=host;x-amz-date, ' +
        'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    );
  });
});
