import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { usualOrder } from '../../src/channels.ts';
import { readTemplates } from '../../src/pool/readTemplates.ts';
import { languagesOf } from '../../src/render/template/templateFiles.ts';
import { ourTemplateSet } from '../support/ourTemplates.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

describe('readTemplates', () => {
  const dir = useTemporaryFolder();

  it('reads every file of the template of the project, by its path', () => {
    assert.equal(ourTemplateSet.folder, 'templates/bill');
    assert.deepEqual(languagesOf(ourTemplateSet), ['en', 'ko']);
    assert.ok('parts/style.mjml' in ourTemplateSet.files);
  });

  it('leaves hidden folders and other kinds of files alone', async () => {
    mkdirSync(join(dir, 'water/..2026_11', 'ko'), { recursive: true });
    mkdirSync(join(dir, 'water/ko'));
    writeFileSync(join(dir, 'water/..2026_11/ko/sms.txt'), 'x');
    writeFileSync(join(dir, 'water/ko/sms.txt'), 'x');
    writeFileSync(join(dir, 'water/ko/README.md'), 'x');
    const set = await readTemplates({ dir, name: 'water', language: 'ko', channels: usualOrder });
    assert.deepEqual(set.files, { 'ko/sms.txt': 'x' });
    assert.equal(set.folder, join(dir, 'water'));
  });

  it('names the folder that is missing, and how to name another', async () => {
    await assert.rejects(
      readTemplates({ dir: tmpdir(), name: 'no-templates-here', language: 'ko', channels: usualOrder }),
      {
        code: 'TEMPLATE_INVALID',
        message: /no-templates-here cannot be read: .*TEMPLATES_DIR and TEMPLATE/,
      },
    );
  });
});
