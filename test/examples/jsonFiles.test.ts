import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { loadSourceModule } from '../../src/db/source/sourceModule.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

describe('the example of a source', () => {
  it('reads bills from files, and none of another member', async () => {
    mkdirSync(join(folder, 'bills'));
    writeFileSync(join(folder, 'bills', '1.json'), '{"member":"7","fields":{"total":{"money":100}}}');
    writeFileSync(join(folder, 'bills', '2.json'), '{"member":"8","fields":{}}');
    process.chdir(folder);
    after(() => process.chdir(projectDir));
    const { source } = loadConfig({
      SOURCE_DIR: join(projectDir, 'examples/bank-statement/source'),
      SOURCE_MODULE: join(projectDir, 'examples/source/jsonFiles.ts'),
    });
    const { load } = await loadSourceModule(source.module ?? '');
    const wanted = ['1', '2', '3'].map((billId) => ({ billId, memberId: '7', cycle: 1 }));
    assert.deepEqual(await load(wanted), [
      { billId: '1', data: { member: '7', fields: { total: { money: 100 } } } },
    ]);
  });

  it('needs a folder with a sample', () => {
    assert.throws(
      () => loadConfig({ SOURCE_MODULE: 'examples/source/jsonFiles.ts' }),
      /SOURCE_MODULE needs SOURCE_DIR with a sample\.json/,
    );
  });
});
