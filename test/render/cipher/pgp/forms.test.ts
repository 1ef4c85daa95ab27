import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { looksLikePgp } from '../../../../src/render/cipher/pgp/forms.ts';
import { createPgp } from '../../../../src/render/cipher/pgp/pgp.ts';
import { ask } from '../../../support/ask.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'create extension if not exists pgcrypto'));

const passphrase = 'open, sesame: 청구서';
function opened(text: string) {
  return { kind: 'opened', text };
}

/** One value in every form in which pgcrypto's users store it. */
async function formsOf(text: string, options = ''): Promise<readonly string[]> {
  const [row = []] = await ask<string[]>(
    db.database,
    `select encode(m, 'base64'), encode(m, 'hex'), m::text, armor(m), armor(m, array['Comment'], array['bill'])
     from (select pgp_sym_encrypt($1, $2, $3) as m) sealed`,
    [text, passphrase, options],
  );
  assert.equal(row.length, 5);
  return row;
}

describe('the forms of a PGP message', () => {
  it('are all opened: Base64, hex, bytea and armor, with and without line breaks of Windows', async () => {
    const { open } = createPgp({ passphrase });
    for (const options of ['', 's2k-mode=0', 's2k-mode=1', 'sess-key=1', 'cipher-algo=aes256,sess-key=1']) {
      for (const text of ['홍길동', 'a@b.kr', '서울특별시 '.repeat(40)]) {
        for (const form of await formsOf(text, options)) {
          assert.deepEqual(open(form), opened(text), form);
          assert.deepEqual(open(form.replaceAll('\n', '\r\n')), opened(text), form);
          assert.ok(looksLikePgp(form), form);
        }
      }
    }
  });

  it('are refused if they are cut, and named', async () => {
    const { open } = createPgp({ passphrase });
    for (const form of await formsOf('홍길동')) assert.equal(open(form.slice(0, -9)).kind, 'refused');
    assert.deepEqual(open('홍길동'), {
      kind: 'refused',
      why: 'it is neither Base64, hex nor an armored PGP message',
    });
  });
});

describe('passphrases that rotate', () => {
  it('open what each of them sealed; the current one seals', async () => {
    const [old = ''] = await formsOf('홍길동');
    const rotated = createPgp({ passphrase: 'new', oldPassphrases: ['older', passphrase] });
    assert.deepEqual(rotated.open(old), opened('홍길동'));
    assert.deepEqual(createPgp({ passphrase: 'new' }).open(rotated.seal('a@b.kr')), opened('a@b.kr'));
    assert.equal(createPgp({ passphrase: 'new', oldPassphrases: ['older'] }).open(old).kind, 'refused');
  });

  it('say of a damaged message that it is damaged, not that the passphrase is wrong', async () => {
    const [old = ''] = await formsOf('홍길동');
    const damaged = Buffer.from(old, 'base64');
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    const rotated = createPgp({ passphrase: 'new', oldPassphrases: [passphrase] });
    assert.deepEqual(rotated.open(damaged.toString('base64')), { kind: 'refused', why: 'it is damaged' });
  });
});

describe('a message without integrity protection', () => {
  it('is refused with the name of the setting, and opened if that allows it', async () => {
    for (const options of ['disable-mdc=1', 'disable-mdc=1,compress-algo=2,sess-key=1']) {
      for (const form of await formsOf('홍길동', options)) {
        const refusal = createPgp({ passphrase }).open(form);
        assert.match(JSON.stringify(refusal), /refused.*integrity.*PGP_ALLOW_UNPROTECTED/);
        assert.deepEqual(createPgp({ passphrase, allowUnprotected: true }).open(form), opened('홍길동'));
      }
    }
  });

  it('is not what a protected message becomes by a change of its tag', async () => {
    const [protectedMessage = ''] = await formsOf('홍길동');
    const message = Buffer.from(protectedMessage, 'base64');
    message.writeUInt8(0xc9, 2 + message.readUInt8(1));
    for (const allowUnprotected of [false, true]) {
      assert.equal(
        createPgp({ passphrase, allowUnprotected }).open(message.toString('base64')).kind,
        'refused',
      );
    }
  });
});
