import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { channelNames } from '../../src/channels.ts';
import { readTemplates } from '../../src/pool/readTemplates.ts';
import { templateFilesOf } from '../../src/render/template/templateFiles.ts';

describe('readTemplates', () => {
  it('reads every file', async () => {
    const sources = await readTemplates(join(import.meta.dirname, '../../templates'));
    assert.deepEqual(Object.keys(sources).toSorted(), channelNames.flatMap(templateFilesOf).toSorted());
  });

  it('names the file that is missing', async () => {
    await assert.rejects(readTemplates(join(tmpdir(), 'no-templates-here')), {
      code: 'TEMPLATE_INVALID',
      message: /no-templates-here.bill\.mjml/,
    });
  });
});
