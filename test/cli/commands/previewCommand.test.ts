import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createFieldCiphers, type FieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { ask, askValue } from '../../support/ask.ts';
import { runBillcast } from '../../support/commandLine.ts';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { insertBill, insertItem, insertMember } from '../../support/testBills.ts';
import { testKafkaBrokers } from '../../support/testKafka.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();
beforeEach(() => emptyTables(db.database));

function billcast(args: readonly string[], settings: Record<string, string> = {}) {
  const environment = { DATABASE_URL: db.url, KAFKA_BROKERS: testKafkaBrokers(), ...settings };
  return runBillcast(['preview', ...args], environment);
}

const developmentKey = createFieldCiphers(loadConfig({}).cipher);

/** Seals these fields with what is given, and inserts them as a member with a bill; gives the bill's id. */
async function insertPerson(seal: FieldCiphers['seal'] = developmentKey.seal) {
  const { billId, memberId } = await insertNotification(db.database);
  await insertMember(db.database, memberId);
  await insertBill(db.database, { billId, memberId });
  await insertItem(db.database, { id: 1, billId, category: 'SUBSCRIPTION', name: '5G', amount: '55000' });
  await ask(db.database, 'update member set name = $1, email = $2, phone = $3, address = $4', [
    seal('name', memberId, '홍길동'),
    seal('email', memberId, 'hong.gildong@example.com'),
    seal('phone', memberId, '010-1234-5678'),
    seal('address', memberId, '서울특별시 강남구'),
  ]);
  await ask(db.database, 'update bill set payment_owner_name = $1, payment_number = $2', [
    seal('paymentOwnerName', memberId, '홍길동'),
    seal('paymentNumber', memberId, '1234-5678-9012-3456'),
  ]);
  return billId;
}

/** Every row with the transaction that wrote it last. */
function rows() {
  return ask(
    db.database,
    `select xmin::text, n::text from bill_notification n union all select xmin::text, m::text from member m
     union all select xmin::text, b::text from bill b union all select xmin::text, d::text from delivery_attempt d
     union all select xmin::text, c::text from claim_batch c`,
  );
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
function assertMasked(text: string): void {
  assert.match(text, /홍\*동/);
  assert.doesNotMatch(text, /홍길동|gildong|1234-5678/);
}

describe('billcast preview', () => {
  it('writes the e-mail and the SMS of a bill, masked, and changes no row', async () => {
    const billId = await insertPerson();
    const before = await rows();
    const { code, out, err } = await billcast([billId, '--out', folder]);
    assert.equal(code, 0, err);
    for (const name of [`${billId}.html`, `${billId}.txt`, `${billId}.sms.txt`]) {
      assertMasked(read(name));
      assert.ok(out.includes(join(folder, name)), out);
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    }
    assert.match(out, /smsSize +SMS \d\d\/90 bytes/);
    assert.match(out, /subject +.*2026년 11월.*60,500원/);
    assert.match(read(`${billId}.html`), /<html/);
    assert.deepEqual(await rows(), before);
  });

  it('reads a database whose contacts PostgreSQL itself sealed, and all else is plain', async () => {
    const billId = await insertPerson((_field, _memberId, text) => text);
    await ask(db.database, 'create extension if not exists pgcrypto');
    await ask(
      db.database,
      `update member set email = encode(pgp_sym_encrypt(email, 'open sesame'), 'base64'),
         phone = encode(pgp_sym_encrypt(phone, 'open sesame', 'cipher-algo=aes256'), 'base64')`,
    );
    assert.match(await askValue<string>(db.database, 'select email from member'), /\n/);
    const { code, err } = await billcast([billId, '--out', folder], {
      CIPHER: 'pgp',
      CIPHER_FIELDS: 'name:none,address:none,paymentOwnerName:none,paymentNumber:none',
      PGP_PASSPHRASE: 'open sesame',
    });
    assert.equal(code, 0, err);
    assertMasked(read(`${billId}.html`));
  });

  it('says why a bill cannot be prepared, and still writes what can be', async () => {
    const billId = await insertPerson();
    await ask(db.database, `update member set email = $1`, [`v1:dev:${randomBytes(60).toString('base64')}`]);
    const { code, out } = await billcast([billId, '--json', '--out', join(folder, 'new', 'one')]);
    assert.equal(code, 1);
    const sms = join(folder, 'new', 'one', `${billId}.sms.txt`);
    assert.deepEqual(JSON.parse(out), {
      bill: billId,
      language: 'ko',
      emailFailure: 'CIPHER_FAILED: email (key id dev): it was changed, or sealed with another key',
      sms,
      smsBytes: 68,
    });
    assert.ok(existsSync(sms) && !existsSync(join(folder, 'new', 'one', `${billId}.html`)));
  });

  it('says what a bill lacks', async () => {
    const { billId } = await insertNotification(db.database);
    const { code, out } = await billcast([billId, '--out', folder]);
    assert.equal(code, 1);
    assert.match(out, /emailFailure +BILL_INCOMPLETE: the member row is missing/);
    assert.match(out, /smsFailure +BILL_INCOMPLETE: the member row is missing/);
  });

  it('knows when there is no such bill', async () => {
    const { code, err } = await billcast(['123456789', '--out', folder]);
    assert.equal(code, 1);
    assert.match(err, /there is no bill 123456789/);
  });

  it('shows the sample bill without any server', async () => {
    const nowhere = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d', KAFKA_BROKERS: '127.0.0.1:1' };
    const { code, out, err } = await billcast(['--sample', '--json', '--out', folder], nowhere);
    assert.equal(code, 0, err);
    assert.deepEqual(Object.keys(JSON.parse(out)), [
      'bill',
      'language',
      'subject',
      'html',
      'text',
      'htmlBytes',
      'textBytes',
      'sms',
      'smsBytes',
    ]);
    for (const name of ['sample.html', 'sample.txt', 'sample.sms.txt']) assertMasked(read(name));
  });

  it('shows one channel in one language, with its size', async () => {
    const one = ['--sample', '--language', 'en', '--channel', 'sms', '--out', folder];
    const { code, out, err } = await billcast(one);
    assert.equal(code, 0, err);
    assert.match(out, /^language +en\nsms +.*\nsmsSize +SMS 65\/90 bytes\nsmsAbroad +1 part of UCS-2\n$/m);
    assert.match(read('sample.sms.txt'), /^\[Billcast\] /);
    assert.match((await billcast([...one, '--language', 'ja'])).err, /no language ja: en, ko \[USAGE\]/);
  });

  it('writes into the data folder if no other is named, and says where', async () => {
    const { code, out, err } = await billcast(['--sample', '--json'], { DATA_DIR: folder });
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out).html, join(folder, 'preview', 'sample.html'));
    assert.ok(existsSync(join(folder, 'preview', 'sample.sms.txt')));
  });

  it('wants one bill, and a folder that it can write into', async () => {
    for (const args of [[], ['7', '--sample']]) assert.match((await billcast(args)).err, /\[USAGE\]/);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assert.match((await billcast(['--sample', '--out', file])).err, /--out.*\[USAGE\]/);
  });
});
