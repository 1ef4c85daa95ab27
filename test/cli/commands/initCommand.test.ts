import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseEnv } from 'node:util';
import { runBillcast } from '../../support/commandLine.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

function init(name: string, ...args: string[]) {
  return runBillcast(['init', '--file', join(folder, name), ...args], {});
}

describe('billcast init', () => {
  it('writes the settings for its user only, and names them without their values', async () => {
    const { code, out, err } = await init(
      'one',
      '--yes',
      '--set',
      'CIPHER_KEYS=k:c2VjcmV0',
      '--no-check',
      '--json',
    );
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out).settings, ['CIPHER_KEYS']);
    assert.ok(!out.includes('c2VjcmV0'));
    assert.equal(statSync(join(folder, 'one')).mode & 0o777, 0o600);
    assert.deepEqual(
      { ...parseEnv(readFileSync(join(folder, 'one'), 'utf8')) },
      { CIPHER_KEYS: 'k:c2VjcmV0' },
    );
  });

  it('replaces no file unless somebody confirms it', async () => {
    await init('two', '--yes', '--set', 'KAFKA_GROUP_ID=a');
    const again = await init('two', '--yes', '--set', 'KAFKA_GROUP_ID=b');
    assert.equal(again.code, 1);
    assert.match(again.err, /exists: add --overwrite.*\[USAGE\]/);
    assert.match(readFileSync(join(folder, 'two'), 'utf8'), /KAFKA_GROUP_ID=a/);
    assert.equal((await init('two', '--yes', '--overwrite', '--set', 'KAFKA_GROUP_ID=b')).code, 0);
    assert.match(readFileSync(join(folder, 'two'), 'utf8'), /KAFKA_GROUP_ID=b/);
    assert.equal(statSync(join(folder, 'two')).mode & 0o777, 0o600);
  });

  it('writes nothing if a check fails', async () => {
    for (const setting of ['KAFKA_PARTITIONS=0', 'KAFKA_BROKER=x:1']) {
      const { code, err } = await init('three', '--yes', '--set', setting);
      assert.equal(code, 1);
      assert.match(err, /^fail {2}settings[\s\S]*Nothing was written/);
      assert.throws(() => statSync(join(folder, 'three')), { code: 'ENOENT' });
    }
  });

  it('asks nobody without a terminal', async () => {
    assert.match((await init('four')).err, /not a terminal.*--yes.*\[USAGE\]/);
  });
});
