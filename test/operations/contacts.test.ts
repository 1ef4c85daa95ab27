import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { type Config, loadConfig } from '../../src/config/loadConfig.ts';
import { hasOpenBatches } from '../../src/db/reads/hasOpenBatches.ts';
import { homeCountryOf } from '../../src/homeCountry.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { restAfter } from '../../src/operations/contactIndexer.ts';
import { findMembersByContact, hashNextContacts, openContactWalk } from '../../src/operations/contacts.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { ask } from '../support/ask.ts';
import { billIdOf, emptyTables, insertBatch, newDispatcherId, newToken } from '../support/notifications.ts';
import { sealHex } from '../support/sealHex.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const config = loadConfig({});
const { seal } = createFieldCiphers(config.cipher);

beforeEach(() => test.database.execute('truncate member, contact_index, contact_walk'));

async function addMember(id: number, email: string | null, phone: string | null = null): Promise<void> {
  const sealed = (field: 'email' | 'phone', text: string | null) =>
    text === null ? null : seal(field, String(id), text);
  await ask(test.database, `insert into member (id, name, email, phone, grade) values ($1, '', $2, $3, '')`, [
    ...[id, sealed('email', email), sealed('phone', phone)],
  ]);
}

/** Walks over all members, some at a time. @returns the number of steps */
async function walk(membersPerStep = 100, keys: Config = config): Promise<number> {
  const deps = await openContactWalk({ config: keys, database: test.database });
  assert.ok(deps);
  for (let steps = 1; ; steps++) {
    if ((await hashNextContacts(deps, membersPerStep)).isLast) return steps;
  }
}

async function find(contact: string, keys: Config = config): Promise<readonly string[]> {
  return (await findMembersByContact({ config: keys, database: test.database }, contact)).memberIds;
}

describe('a search by contact', () => {
  it('finds all members with it, however it is written, and nobody else', async () => {
    await addMember(1, 'Hong@Example.com', '010-1234-5678');
    await addMember(2, 'hong@example.com');
    await addMember(3, 'kim@example.com', null);
    assert.deepEqual(await find('hong@example.com'), [], 'nobody was looked at yet');
    await walk();
    assert.deepEqual(await find(' HONG@example.com'), ['1', '2']);
    assert.deepEqual(await find('+82 10 1234 5678'), ['1']);
    assert.deepEqual(await find('lee@example.com'), []);
  });

  it('finds contacts that a cipher of the settings opens', async () => {
    const key = randomBytes(32);
    const theirs = loadConfig({
      CIPHER: 'custom',
      CIPHER_KEYS: `k1:${key.toString('base64')}`,
      CIPHER_MODULE: join(projectDir, 'examples/cipher/hexCipher.ts'),
    });
    const email = sealHex('hong@example.com', key);
    await ask(test.database, `insert into member (id, name, email, grade) values (1, '', $1, '')`, [email]);
    await walk(100, theirs);
    assert.deepEqual(await find('hong@example.com', theirs), ['1']);
  });

  it('says since when all members were looked at, and that they were not yet', async () => {
    await addMember(1, 'hong@example.com');
    await addMember(2, 'kim@example.com');
    const deps = { config, database: test.database };
    assert.equal((await findMembersByContact(deps, 'kim@example.com')).completeAt, null);
    const steps = await openContactWalk(deps);
    assert.ok(steps);
    assert.deepEqual(await hashNextContacts(steps, 1), { members: 1, isLast: false });
    assert.equal((await findMembersByContact(deps, 'kim@example.com')).completeAt, null);
    await walk(1);
    assert.ok((await findMembersByContact(deps, 'kim@example.com')).completeAt instanceof Date);
  });

  it('follows changed, removed and deleted contacts with the next walk, in steps of any size', async () => {
    for (const id of [1, 2, 3, 4, 5, 6, 7]) await addMember(id, `m${id}@example.com`, `0101234567${id}`);
    assert.equal(await walk(2), 4);
    await ask(test.database, 'update member set email = $1 where id = 3', [
      seal('email', '3', 'new@example.com'),
    ]);
    await ask(test.database, 'update member set phone = null where id = 4');
    await ask(test.database, 'delete from member where id in (1, 5, 7)');
    await walk(2);
    assert.deepEqual(await find('m3@example.com'), []);
    assert.deepEqual(await find('new@example.com'), ['3']);
    assert.deepEqual(await find('01012345674'), []);
    const left = await ask(test.database, 'select distinct member_id::text from contact_index order by 1');
    assert.deepEqual(left.flat(), ['2', '3', '4', '6']);
  });

  it('finds what an earlier key hashed, while the walk with the current one goes on', async () => {
    const next = `next:${Buffer.alloc(32, 7).toString('base64')}`;
    const old = `old:${Buffer.alloc(32, 5).toString('base64')}`;
    const before = loadConfig({ CIPHER_KEYS: old });
    const rotated = loadConfig({ CIPHER_KEYS: `${next},${old}` });
    const sealed = createFieldCiphers(before.cipher).seal('email', '1', 'hong@example.com');
    await ask(test.database, `insert into member (id, name, email, grade) values (1, '', $1, '')`, [sealed]);
    await walk(100, before);
    assert.deepEqual(await find('hong@example.com', rotated), ['1']);
    await walk(100, rotated);
    assert.deepEqual(await find('hong@example.com', loadConfig({ CIPHER_KEYS: next })), ['1']);
  });

  it('passes over what does not open, and says what is no contact', async () => {
    await ask(
      test.database,
      `insert into member (id, name, email, phone, grade) values (1, '', 'v2:x:nonsense', ' ', '')`,
    );
    await addMember(2, 'hong@example.com', 'none');
    await walk();
    assert.deepEqual(await find('hong@example.com'), ['2']);
    await assert.rejects(find('hello there'), /neither an e-mail address nor a phone number/);
  });

  it('keeps no contact anywhere that could be read', async () => {
    await addMember(1, 'hong@example.com', '01012345678');
    await walk();
    const rows = await ask(test.database, `select contact, encode(hash, 'escape') from contact_index`);
    assert.equal(rows.length, 2);
    assert.doesNotMatch(JSON.stringify(rows), /hong|example|1234/);
  });

  it('finds numbers that were hashed before HOME_COUNTRY was set, and says so until all are read again', async () => {
    const home = homeCountryOf('BE');
    const database = test.database;
    for (const id of [1, 2, 3]) await addMember(id, 'hong@example.com', `0470-12-34-5${id}`);
    await walk();
    const search = (contact: string) => findMembersByContact({ config, database }, contact, home);
    assert.deepEqual(await search('+32 470 12 34 51'), { memberIds: ['1'], completeAt: null });
    const steps = await openContactWalk({ config, database }, home);
    assert.ok(steps);
    for (const id of [1, 2, 3]) {
      assert.deepEqual(await hashNextContacts(steps, 1), { members: 1, isLast: false });
      assert.equal((await search('0470 12 34 53')).completeAt, null, `after ${id}`);
    }
    assert.equal((await hashNextContacts(steps, 1)).isLast, true);
    for (const contact of ['0470/12.34.52', '+32470123452']) {
      const found = await search(contact);
      assert.deepEqual(found.memberIds, ['2']);
      assert.ok(found.completeAt instanceof Date);
    }
    const kinds = await ask(
      database,
      'select contact, count(*)::int from contact_index group by 1 order by 1',
    );
    assert.deepEqual(kinds, [
      ['email BE', 3],
      ['phone BE', 3],
    ]);
    const { completeAt } = await findMembersByContact({ config, database }, '0470123452');
    assert.equal(completeAt, null, 'and the other way round');
  });
});

describe('the walk over the members', () => {
  it('leaves the processor and the database to bills on their way', async () => {
    await emptyTables(test.database);
    assert.equal(await hasOpenBatches(test.database), false);
    await insertBatch(test.database, {
      token: newToken(),
      owner: newDispatcherId(),
      billIds: [billIdOf('7')],
    });
    assert.equal(await hasOpenBatches(test.database), true);
    assert.deepEqual(
      [restAfter(20, false), restAfter(20, true), restAfter(60_000, true)],
      [1_000, 5_000, 10_000],
    );
  });
});
