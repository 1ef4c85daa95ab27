import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';

function key(fill: number) {
  return Buffer.alloc(32, fill).toString('base64');
}
const development = Buffer.from('billcast-development-key-32-byte').toString('base64');
const production = { NODE_ENV: 'production', PROVIDER_EMAIL: 'simulated', PROVIDER_SMS: 'simulated' };

function assertRefused(environment: NodeJS.ProcessEnv, message: RegExp): void {
  assert.throws(() => loadConfig(environment), { code: 'CONFIG_INVALID', message });
}

describe('CIPHER_KEYS', () => {
  it('are taken in their order, blanks around them aside', () => {
    const { keys } = loadConfig({ CIPHER_KEYS: ` new:${key(1)} , old:${key(2)}` }).cipher;
    assert.deepEqual(
      keys.map(({ keyId, key: bytes }) => [keyId, Buffer.from(bytes).toString('base64')]),
      [
        ['new', key(1)],
        ['old', key(2)],
      ],
    );
  });

  const wrong = {
    'Base64 with foreign characters': `a:${key(1).replace('A', '!A')}`,
    'Base64 without its end': `a:${key(1).slice(0, -1)}`,
    'Base64 of URLs': `a:${Buffer.alloc(32, 0xfb).toString('base64url')}=`,
    'Base64 with bits left over': `a:${key(1).slice(0, -2)}F=`,
    'Base64 with a blank in it': `a:${key(1).replace('A', 'A ')}`,
    'something behind a second colon': `a:${key(1)}:${key(2)}`,
    'no id': `:${key(1)}`,
    'an id with a blank': `a b:${key(1)}`,
    'a short key': `a:${Buffer.alloc(31).toString('base64')}`,
    'a long key': `a:${Buffer.alloc(33).toString('base64')}`,
    'an empty entry': `a:${key(1)},`,
    'one wrong entry among good ones': `a:${key(1)},b:oops,c:${key(3)}`,
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuse ${name}, and repeat nothing of it`, () => {
      assertRefused({ CIPHER_KEYS: value }, /CIPHER_KEYS entry \d of \d: must be keyId:base64/);
      assert.throws(
        () => loadConfig({ CIPHER_KEYS: value }),
        (error: Error) => !error.message.includes(key(1).slice(0, 12)),
      );
    });
  }

  it('say which entry is wrong', () => {
    assertRefused({ CIPHER_KEYS: `a:${key(1)},b:oops,c:${key(3)}` }, /entry 2 of 3/);
  });

  it('refuse an id that is there twice', () => {
    assertRefused({ CIPHER_KEYS: `a:${key(1)},a:${key(2)}` }, /CIPHER_KEYS has two keys of the same id/);
  });
});

describe('the development key in production', () => {
  it('is refused by its value under any id and at any place', () => {
    for (const keys of [
      `dev:${development}`,
      `2026a:${development}`,
      `2026a:${key(1)},2025a:${development}`,
    ]) {
      assertRefused({ ...production, CIPHER_KEYS: keys }, /CIPHER_KEYS has the development key/);
    }
    assert.equal(loadConfig({ ...production, CIPHER_KEYS: `dev:${key(1)}` }).production, true);
    assert.equal(loadConfig({ CIPHER_KEYS: `2026a:${development}` }).production, false);
  });

  it('is no default either: a field that needs keys demands them', () => {
    for (const cipher of [
      {},
      { CIPHER: 'aes-256-cbc' },
      { CIPHER: 'none', CIPHER_FIELDS: 'email:aes-256-gcm' },
    ]) {
      assertRefused({ ...production, ...cipher }, /CIPHER_KEYS must be set/);
    }
  });

  it('is not asked for if no field needs a key, and is not there then', () => {
    const pgp = { CIPHER_FIELDS: 'email:pgp,phone:pgp', PGP_PASSPHRASE: 'open sesame' };
    for (const cipher of [{ CIPHER: 'none' }, { CIPHER: 'none', ...pgp }, { CIPHER: 'pgp', ...pgp }]) {
      assert.deepEqual(loadConfig({ ...production, ...cipher }).cipher.keys, []);
    }
  });
});

describe('CIPHER_FIELDS', () => {
  it('want one cipher per field', () => {
    for (const value of ['name', 'name:none:pgp', 'name:none,name:pgp', 'shoeSize:none', 'name:rot13']) {
      assertRefused({ CIPHER_FIELDS: value }, /CIPHER_FIELDS/);
    }
  });
});

describe('CIPHER_ACCEPT', () => {
  it('has all prefixes by default, and v2 always', () => {
    assert.deepEqual(loadConfig({}).cipher.accept, ['v2', 'v1', 'c1']);
    assert.deepEqual(loadConfig({ CIPHER_ACCEPT: 'v2, c1' }).cipher.accept, ['v2', 'c1']);
    assertRefused({ CIPHER_ACCEPT: 'v1' }, /CIPHER_ACCEPT must have v2/);
    assertRefused({ CIPHER_ACCEPT: 'v2,v3' }, /CIPHER_ACCEPT/);
  });
});

describe('the settings of pgp', () => {
  it('want a passphrase wherever pgp is used', () => {
    for (const wanting of [{ CIPHER: 'pgp' }, { CIPHER_FIELDS: 'email:pgp' }]) {
      assertRefused(wanting, /PGP_PASSPHRASE/);
      const { pgp } = loadConfig({ ...wanting, PGP_PASSPHRASE: 'open sesame' }).cipher;
      assert.deepEqual(pgp, { passphrase: 'open sesame', oldPassphrases: [], allowUnprotected: false });
    }
    assert.equal(loadConfig({}).cipher.pgp.passphrase, undefined);
  });

  it('take old passphrases one per line, with every other character as it stands', () => {
    const { pgp } = loadConfig({
      PGP_PASSPHRASE: 'a, b: c',
      PGP_PASSPHRASE_OLD: 'one, two \r\n three\n\n',
      PGP_ALLOW_UNPROTECTED: 'true',
    }).cipher;
    assert.deepEqual(pgp, {
      passphrase: 'a, b: c',
      oldPassphrases: ['one, two ', ' three'],
      allowUnprotected: true,
    });
    assertRefused({ PGP_ALLOW_UNPROTECTED: 'yes' }, /PGP_ALLOW_UNPROTECTED/);
  });
});
