import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectDir } from '../../src/lib/projectDir.ts';
import { zonedTime } from '../../src/lib/timeText.ts';

it('a time in a sentence is in the time zone of the bills, which it names', () => {
  assert.equal(zonedTime(new Date('2026-11-25T00:00:05Z'), 'Asia/Seoul'), '2026-11-25 09:00:05 (Asia/Seoul)');
});

it('no sentence has a time in UTC', () => {
  const files = globSync('src/{cli,operations,runs,sweeper}/**/*.ts', { cwd: projectDir });
  const wrong = files.filter((file) =>
    /\$\{[^}]*toISOString\(\)[^}]*\}/.test(readFileSync(join(projectDir, file), 'utf8')),
  );
  // What is kept in the access record is compared by programs.
  assert.deepEqual(wrong, ['src/operations/apiTokens.ts']);
});
