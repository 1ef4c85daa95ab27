import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { openFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { sealHex } from '../support/sealHex.ts';

const keys = [randomBytes(32), randomBytes(32)];
const settings = {
  CIPHER_KEYS: keys.map((key, index) => `k${index}:${key.toString('base64')}`).join(),
  CIPHER_FIELDS: 'email:custom',
  CIPHER_MODULE: join(projectDir, 'examples/cipher/hexCipher.ts'),
};

describe('a cipher of the settings', () => {
  it('opens what another system sealed, beside our own envelopes', async () => {
    const ciphers = await openFieldCiphers(loadConfig(settings).cipher);
    for (const key of keys) {
      const opened = ciphers.open('email', '7', sealHex('hong@example.com', key));
      assert.deepEqual(opened, { kind: 'opened', text: 'hong@example.com' });
    }
    assert.equal(ciphers.open('email', '7', ciphers.seal('email', '7', 'a@b.kr')).kind, 'opened');
    const wrong = ciphers.open('email', '7', sealHex('hong@example.com', randomBytes(32)));
    assert.ok(wrong.kind === 'cipherFailed');
    assert.equal(wrong.why, 'it was changed, or sealed with another key');
  });

  it('must be named, must be there, and must be one', async () => {
    const without = { ...settings, CIPHER_MODULE: '' };
    assert.throws(
      () => loadConfig(without),
      /CIPHER_MODULE must be set if CIPHER or one of CIPHER_FIELDS is custom/,
    );
    for (const [file, message] of [
      ['missing.ts', /CIPHER_MODULE: .*missing\.ts cannot be loaded/],
      ['src/lib/projectDir.ts', /the default export of .*projectDir\.ts is not what it must be/],
    ] as const) {
      const { cipher } = loadConfig({ ...settings, CIPHER_MODULE: join(projectDir, file) });
      await assert.rejects(openFieldCiphers(cipher), { code: 'MODULE_INVALID', message });
    }
  });
});
