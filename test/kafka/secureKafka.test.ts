import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { createKafka } from '../../src/kafka/kafkaClient.ts';
import {
  type KafkaSecurity,
  noSecurity,
  type SaslOptions,
  type TlsFiles,
} from '../../src/kafka/kafkaSecurity.ts';
import { createPublisher } from '../../src/kafka/publisher.ts';
import { silentLog } from '../support/capturedLog.ts';
import { certificatePath } from '../support/certificates.ts';
import { bearerToken, type ListenerName, saslUser, useSecureBroker } from '../support/secureBroker.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { readTopic } from '../support/testTopics.ts';

const broker = useSecureBroker();
const folder = useTemporaryFolder();

const tls: TlsFiles = { caFile: certificatePath('ca.pem'), certFile: undefined, keyFile: undefined };
const clientTls: TlsFiles = {
  ...tls,
  certFile: certificatePath('client.pem'),
  keyFile: certificatePath('client.key'),
};
function login(mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'): SaslOptions {
  return {
    mechanism,
    ...saslUser,
  };
}
function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
function clientOf(listener: ListenerName, security: KafkaSecurity) {
  return createKafka({ brokers: [broker.address(listener)], clientId: 'test', log: silentLog, security });
}

/** Makes a topic, writes to it and reads it again. */
async function assertWorks(listener: ListenerName, security: KafkaSecurity): Promise<void> {
  const kafka = clientOf(listener, security);
  const topic = `t-${listener}-${security.sasl?.mechanism ?? 'none'}`;
  await ensureTopics({ kafka, topics: [{ name: topic, partitions: 2 }] });
  const publisher = createPublisher(kafka);
  try {
    await publisher.publish([{ topic, key: '1', value: 'through' }]);
  } finally {
    await publisher.stop();
  }
  assert.equal(String((await readTopic(kafka, topic))[0]?.value), 'through');
}

async function failureOf(listener: ListenerName, security: KafkaSecurity): Promise<string> {
  const kafka = clientOf(listener, security);
  const asked = ensureTopics({ kafka, topics: [{ name: 'never', partitions: 1 }], patienceMs: 60_000 });
  try {
    await asked;
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'KAFKA_SETTINGS', error.message);
    assert.ok(error.cause instanceof Error, 'the cause is kept');
    return error.message;
  }
  return assert.fail('it worked');
}

describe('brokers as companies have them', { concurrency: 4 }, () => {
  it('by TLS', () => assertWorks('tls', { tls, sasl: undefined }));
  it('by TLS with a certificate of ours', () =>
    assertWorks('mutualTls', { tls: clientTls, sasl: undefined }));
  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    it(`by ${mechanism} over TLS`, () => assertWorks('saslTls', { tls, sasl: login(mechanism) }));
    it(`by ${mechanism} in the clear`, () => assertWorks('sasl', { tls: undefined, sasl: login(mechanism) }));
  }
  it('by a token from a file', () =>
    assertWorks('saslTls', {
      tls,
      sasl: {
        mechanism: 'oauthbearer',
        tokenFrom: 'file',
        file: fileWith('token', `${bearerToken('billcast')}\n`),
      },
    }));
  it('by a token from a command', () => {
    const script = fileWith('token.sh', `#!/bin/sh\necho ${bearerToken('billcast')}\n`);
    chmodSync(script, 0o700);
    return assertWorks('sasl', {
      tls: undefined,
      sasl: { mechanism: 'oauthbearer', tokenFrom: 'command', command: script },
    });
  });
  it('at an IPv6 address', async (t) => {
    if (!broker.hasIpv6) {
      t.skip('this machine has no ::1');
      return;
    }
    await assertWorks('ipv6', noSecurity);
  });
});

describe('what is missing for the connection is said at once', { concurrency: 4 }, () => {
  it('TLS', async () => assert.match(await failureOf('tls', noSecurity), /KAFKA_TLS=true/));
  it('no TLS', async () =>
    assert.match(await failureOf('plain', { tls, sasl: undefined }), /do not use TLS/));
  it('the authority', async () =>
    assert.match(
      await failureOf('tls', { tls: { ...tls, caFile: undefined }, sasl: undefined }),
      /KAFKA_TLS_CA_FILE/,
    ));
  it('a certificate of ours', async () =>
    assert.match(await failureOf('mutualTls', { tls, sasl: undefined }), /KAFKA_TLS_CERT_FILE/));
  it('a login', async () => assert.match(await failureOf('sasl', noSecurity), /KAFKA_SASL_MECHANISM/));
  it('a login over TLS', async () =>
    assert.match(await failureOf('saslTls', { tls, sasl: undefined }), /KAFKA_SASL_MECHANISM/));
  it('TLS, where a login is set', async () =>
    assert.match(await failureOf('saslTls', { tls: undefined, sasl: login('plain') }), /KAFKA_TLS=true/));
  it('no login', async () =>
    assert.match(await failureOf('plain', { tls: undefined, sasl: login('plain') }), /expect no login/));
  for (const mechanism of ['plain', 'scram-sha-512'] as const) {
    it(`the right password, by ${mechanism}`, async () => {
      const sasl = { ...login(mechanism), password: 'wrong' } as SaslOptions;
      const message = await failureOf('sasl', { tls: undefined, sasl });
      assert.match(message, /KAFKA_SASL_PASSWORD/);
      assert.doesNotMatch(message, /wrong|pass =/);
    });
  }
  it('a token that counts', async () => {
    const file = fileWith('old-token', bearerToken('billcast', -3_600));
    const sasl: SaslOptions = { mechanism: 'oauthbearer', tokenFrom: 'file', file };
    assert.match(await failureOf('sasl', { tls: undefined, sasl }), /refused the token/);
  });
  it('a command that gives a token', async () => {
    const sasl: SaslOptions = { mechanism: 'oauthbearer', tokenFrom: 'command', command: 'exit 3' };
    assert.match(await failureOf('sasl', { tls: undefined, sasl }), /KAFKA_SASL_TOKEN_COMMAND.*ended with 3/);
  });
  it('a key that is of the certificate', () => {
    const mixed = { ...tls, certFile: certificatePath('client.pem'), keyFile: certificatePath('server.key') };
    assert.throws(() => clientOf('tls', { tls: mixed, sasl: undefined }), {
      code: 'CONFIG_INVALID',
      message: /KAFKA_TLS_KEY_FILE.*does not belong to the certificate/,
    });
  });
  it('a file that can be read', () => {
    const missing = { tls: { ...tls, caFile: join(folder, 'missing.pem') }, sasl: undefined };
    assert.throws(() => clientOf('tls', missing), {
      code: 'CONFIG_INVALID',
      message: /KAFKA_TLS_CA_FILE.*ENOENT/,
    });
  });
});
