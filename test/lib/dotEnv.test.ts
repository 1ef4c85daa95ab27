import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { readDotEnv } from '../../src/lib/dotEnv.ts';

const folder = mkdtempSync(join(tmpdir(), 'dot-env-'));
const workingFolder = process.cwd();
before(() => process.chdir(folder));
after(() => {
  process.chdir(workingFolder);
  rmSync(folder, { recursive: true });
});

it('.env gives what the environment lacks, and replaces nothing', () => {
  assert.deepEqual(readDotEnv(), {});
  writeFileSync('.env', "KAFKA_GROUP_ID='first one'\n");
  assert.equal(loadConfig().kafka.groupId, 'first one');
  writeFileSync('.env', 'KAFKA_GROUP_ID=second\n');
  assert.equal(readDotEnv()['KAFKA_GROUP_ID'], 'second');
  assert.equal(loadConfig().kafka.groupId, 'first one');
});
