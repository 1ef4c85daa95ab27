import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { hashNextContacts, openContactWalk } from '../../../src/operations/contacts.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { ask } from '../../support/ask.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
const config = loadConfig({});

beforeEach(() => test.database.execute('truncate access_record, member, contact_index, contact_walk'));

describe('POST /api/v1/members/search', () => {
  it('names the members with a contact, and records that somebody asked, but not for what', async () => {
    const sealed = createFieldCiphers(config.cipher).seal('email', '9', 'hong@example.com');
    await ask(test.database, `insert into member (id, name, email, grade) values (9, '', $1, '')`, [sealed]);
    const walk = await openContactWalk({ config, database: test.database });
    assert.ok(walk);
    await hashNextContacts(walk, 10);
    const app = await createTestApi({ database: test.database });
    const url = '/api/v1/members/search';
    const payload = { contact: 'Hong@example.com' };
    const answer = await app.inject({ method: 'POST', url, headers: bearer('agent'), payload });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json().memberIds, ['9']);
    assert.ok(answer.json().completeAt);
    const records = await ask(test.database, 'select who, what, result, reason from access_record');
    assert.deepEqual(records, [['agent-token', 'findContact', 'done', null]]);
    const wrong = await app.inject({
      method: 'POST',
      url,
      headers: bearer('agent'),
      payload: { contact: 'hello' },
    });
    assert.equal(wrong.statusCode, 400);
    assert.match(wrong.json().detail, /neither an e-mail address nor a phone number/);
  });
});
