import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';

const brokers = { KAFKA_BROKERS: 'broker:9096' };
function securityOf(environment: Record<string, string>) {
  return loadConfig({ ...brokers, ...environment }).kafka.security;
}
function assertRefused(environment: Record<string, string>, about: RegExp): void {
  assert.throws(() => loadConfig({ ...brokers, ...environment }), { code: 'CONFIG_INVALID', message: about });
}

describe('the settings of the connection to Kafka', () => {
  it('are TLS with files', () => {
    assert.deepEqual(securityOf({ KAFKA_TLS: 'true' }).tls, {
      caFile: undefined,
      certFile: undefined,
      keyFile: undefined,
    });
    const files = { KAFKA_TLS_CA_FILE: 'ca', KAFKA_TLS_CERT_FILE: 'cert', KAFKA_TLS_KEY_FILE: 'key' };
    assert.deepEqual(securityOf({ KAFKA_TLS: 'true', ...files }).tls, {
      caFile: 'ca',
      certFile: 'cert',
      keyFile: 'key',
    });
  });

  it('are a log-in by a password', () => {
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      assert.deepEqual(
        securityOf({
          KAFKA_SASL_MECHANISM: mechanism,
          KAFKA_SASL_USERNAME: 'u',
          KAFKA_SASL_PASSWORD: 'p',
        }).sasl,
        { mechanism, username: 'u', password: 'p' },
      );
    }
  });

  it('are a log-in by a token', () => {
    const oauth = { KAFKA_SASL_MECHANISM: 'oauthbearer' };
    assert.deepEqual(securityOf({ ...oauth, KAFKA_SASL_TOKEN_FILE: '/t' }).sasl, {
      mechanism: 'oauthbearer',
      tokenFrom: 'file',
      file: '/t',
    });
    assert.deepEqual(securityOf({ ...oauth, KAFKA_SASL_TOKEN_COMMAND: 'mint' }).sasl, {
      mechanism: 'oauthbearer',
      tokenFrom: 'command',
      command: 'mint',
    });
  });

  it('are IPv6 addresses in brackets', () => {
    const { kafka } = loadConfig({ KAFKA_BROKERS: '[::1]:9092, [fe80::1]:1, b:65535' });
    assert.deepEqual(kafka.brokers, ['[::1]:9092', '[fe80::1]:1', 'b:65535']);
  });

  const login = { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
  const refused: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['files without TLS', { KAFKA_TLS_CA_FILE: 'ca' }, /KAFKA_TLS must be true/],
    ['half a certificate', { KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: 'c' }, /KAFKA_TLS_KEY_FILE go together/],
    ['a user without a mechanism', login, /KAFKA_SASL_MECHANISM must be set/],
    ['a mechanism without a user', { KAFKA_SASL_MECHANISM: 'plain' }, /KAFKA_SASL_USERNAME/],
    ['no token', { KAFKA_SASL_MECHANISM: 'oauthbearer' }, /KAFKA_SASL_TOKEN_FILE and/],
    [
      'two tokens',
      {
        KAFKA_SASL_MECHANISM: 'oauthbearer',
        KAFKA_SASL_TOKEN_FILE: 'f',
        KAFKA_SASL_TOKEN_COMMAND: 'c',
      },
      /needs one of/,
    ],
    ['the embedded Kafka by TLS', { KAFKA_BROKERS: '', KAFKA_TLS: 'true' }, /need KAFKA_BROKERS/],
    [
      'a password without encryption, in production',
      {
        NODE_ENV: 'production',
        PROVIDER_EMAIL: 'simulated',
        PROVIDER_SMS: 'simulated',
        CIPHER: 'none',
        ...login,
        KAFKA_SASL_MECHANISM: 'plain',
      },
      /unencrypted/,
    ],
  ];
  for (const [what, environment, about] of refused) {
    it(`cannot be ${what}`, () => assertRefused(environment, about));
  }
});
