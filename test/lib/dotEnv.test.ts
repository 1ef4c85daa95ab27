import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { readDotEnv } from '../../src/lib/dotEnv.ts';

it('.env gives what the environment lacks, and replaces nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dot-env-'));
  const workingFolder = process.cwd();
  // In the test, not around the file: `--unit` runs other files in this process, which change these too.
  process.chdir(folder);
  delete process.env.KAFKA_GROUP_ID;
  t.after(() => {
    delete process.env.KAFKA_GROUP_ID;
    process.chdir(workingFolder);
    rmSync(folder, { recursive: true });
  });
  assert.deepEqual(readDotEnv(), {});
  writeFileSync('.env', "KAFKA_GROUP_ID='first one'\n");
  assert.equal(loadConfig().kafka.groupId, 'first one');
  writeFileSync('.env', 'KAFKA_GROUP_ID=second\n');
  assert.equal(readDotEnv().KAFKA_GROUP_ID, 'second');
  assert.equal(loadConfig().kafka.groupId, 'first one');
});
