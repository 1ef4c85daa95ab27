import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { keySourceOf } from '../../src/config/cipherConfig.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createKeyRotation } from '../../src/dispatcher/keyReader.ts';
import { silentLog } from '../support/capturedLog.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
function base64(fill: number): string {
  return Buffer.alloc(32, fill).toString('base64');
}

function idsOf(keys: readonly { readonly keyId: string }[]): string {
  return keys.map(({ keyId }) => keyId).join();
}

describe('the keys of a command', () => {
  it('are those of CIPHER_KEYS, and may not stand there too', () => {
    const command = `echo a:${base64(1)},b:${base64(2)}`;
    assert.equal(idsOf(loadConfig({ CIPHER_KEYS_COMMAND: command }).cipher.keys), 'a,b');
    assert.throws(() => loadConfig({ CIPHER_KEYS_COMMAND: command, CIPHER_KEYS: `a:${base64(1)}` }), {
      message: /CIPHER_KEYS_COMMAND and CIPHER_KEYS or CIPHER_KEYS_FILE are both set/,
    });
    assert.throws(
      () => loadConfig({ CIPHER_KEYS_COMMAND: 'echo secret; exit 3' }),
      (error) => {
        assert.match(String(error), /CIPHER_KEYS_COMMAND gave no keys: it ended with 3/);
        return !String(error).includes('secret');
      },
    );
  });
});

describe('the rotation of keys', () => {
  const file = join(folder, 'keys');
  writeFileSync(file, `a:${base64(1)}\n`);
  const source = keySourceOf({ CIPHER_KEYS_FILE: file });
  assert.ok(source !== undefined);
  const keys = [{ keyId: 'a', key: Buffer.alloc(32, 1) }];
  const rotationOf = () => {
    const applied: string[] = [];
    const apply = (found: typeof keys | readonly { readonly keyId: string }[]) =>
      void applied.push(idsOf(found));
    return { applied, rotation: createKeyRotation({ source, keys, apply, log: silentLog }) };
  };

  it('reads them again for an unknown key, but not for each batch', async () => {
    const { applied, rotation } = rotationOf();
    writeFileSync(file, `b:${base64(2)},a:${base64(1)}\n`);
    assert.deepEqual(await Promise.all([rotation.refresh(), rotation.refresh()]), [true, true]);
    writeFileSync(file, `c:${base64(3)}\n`);
    assert.equal(await rotation.refresh(), false);
    assert.deepEqual(applied, ['b,a']);
  });

  it('reads them again at SIGHUP, and keeps the earlier ones if that fails', async () => {
    const { applied, rotation } = rotationOf();
    rotation.start();
    writeFileSync(file, 'no keys');
    process.emit('SIGHUP');
    assert.equal(await rotation.refresh(), false);
    writeFileSync(file, `c:${base64(3)}\n`);
    process.emit('SIGHUP');
    assert.equal(await rotation.refresh(), true);
    rotation.stop();
    assert.deepEqual(applied, ['c']);
  });

  it('has nothing to read if the keys stand in the environment', () => {
    assert.equal(keySourceOf({ CIPHER_KEYS: 'a:b' }), undefined);
  });
});
