import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { withSecretFiles } from '../../src/config/secretFiles.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a secret from a file', () => {
  it('counts as the setting itself, without the end of its last line', () => {
    for (const name of [
      ...['DATABASE_URL', 'KAFKA_SASL_PASSWORD', 'KAFKA_SASL_USERNAME', 'HTTP_EMAIL_TOKEN', 'HTTP_SMS_TOKEN'],
      ...[
        'HTTP_EMAIL_URL',
        'HTTP_SMS_URL',
        'HTTP_PROXY_URL',
        'CIPHER_KEYS',
        'PGP_PASSPHRASE',
        'PGP_PASSPHRASE_OLD',
      ],
    ]) {
      const path = fileWith(name, ' a secret \r\n\n');
      const { values, problems } = withSecretFiles({ [`${name}_FILE`]: path });
      assert.deepEqual([values[name], problems], [' a secret ', []]);
    }
  });

  it('reaches the settings', () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const config = loadConfig({
      DATABASE_URL_FILE: fileWith('url', 'postgres://u:p@h/d\n'),
      CIPHER_KEYS_FILE: fileWith('keys', `k:${key}\n`),
    });
    assert.equal(config.database.url, 'postgres://u:p@h/d');
    assert.equal(config.cipher.keys[0]?.keyId, 'k');
  });

  it('is refused beside the setting, missing, or empty, and never repeated', () => {
    const problemsOf = (environment: Record<string, string>) =>
      assert.throws(() => loadConfig(environment), {
        code: 'CONFIG_INVALID',
        message: /PGP_PASSPHRASE_FILE/,
      });
    problemsOf({ PGP_PASSPHRASE: 'x', PGP_PASSPHRASE_FILE: fileWith('both', 'y') });
    problemsOf({ PGP_PASSPHRASE_FILE: join(folder, 'nowhere') });
    problemsOf({ PGP_PASSPHRASE_FILE: fileWith('empty', '\n') });
    const keys = fileWith('wrong-keys', 'not-a-key-but-secret');
    assert.throws(
      () => loadConfig({ CIPHER_KEYS_FILE: keys }),
      (error: Error) => /CIPHER_KEYS/.test(error.message) && !error.message.includes('secret'),
    );
  });
});
