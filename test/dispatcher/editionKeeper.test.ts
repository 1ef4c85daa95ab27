import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createEditionKeeper } from '../../src/dispatcher/editionKeeper.ts';
import { ask } from '../support/ask.ts';
import { silentLog as log } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { ourTemplateSet as templates } from '../support/ourTemplates.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

function keysKept(): Promise<string[][]> {
  return ask<string[]>(db.database, 'select distinct key_id from content_edition order by key_id');
}

describe('the edition keeper', () => {
  it('keeps what messages are printed with at the start, and again with each new key', async () => {
    const { database } = db;
    const keeper = createEditionKeeper({ config: loadConfig({}), templates, database, log });
    await keeper.start();
    assert.deepEqual(await keysKept(), [['dev']]);
    keeper.keysChanged([{ keyId: 'k2', key: randomBytes(32) }]);
    await eventually(async () => (await keysKept()).length === 2);
    assert.deepEqual(await keysKept(), [['dev'], ['k2']]);
  });
});
