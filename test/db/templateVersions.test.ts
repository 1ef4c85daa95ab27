import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberTemplateVersions } from '../../src/db/templateVersions.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

describe('rememberTemplateVersions', () => {
  const test = useTestDatabase();

  it('keeps the files of each version once', async () => {
    const version = {
      name: 'bill',
      language: 'ko',
      hash: 'ab'.repeat(32),
      files: { 'ko/sms.txt': '안녕 {{month}}' },
    };
    const other = { ...version, hash: 'cd'.repeat(32) };
    await rememberTemplateVersions(test.database, [version]);
    await rememberTemplateVersions(test.database, [version, other]);
    const rows = await test.database.query({
      name: 'template-versions-in-test',
      text: 'select hash, name, language, files from template_version order by 1',
    });
    assert.deepEqual(
      rows,
      [version, other].map(({ hash, name, language, files }) => [hash, name, language, files]),
    );
  });
});
