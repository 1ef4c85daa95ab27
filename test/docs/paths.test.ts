import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectDir } from '../../src/lib/projectDir.ts';

const pages = [
  'RELIABILITY.md',
  'BENCHMARKS.md',
  'docs/GATEWAY.md',
  'docs/benchmarking.md',
  ...globSync('docs/decisions/*.md', { cwd: projectDir }),
];

/** The files that a page links to, and the tests that it names. */
function pathsIn(page: string): string[] {
  const text = readFileSync(join(projectDir, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) =>
    join(dirname(page), path),
  );
  const tests = [...text.matchAll(/`(test\/[\w./]+)`/g)].map(([, path = '']) => path);
  return [...links, ...tests];
}

describe('the pages on reliability, benchmarks and decisions', () => {
  for (const page of pages) {
    it(`name only files that exist: ${page}`, () => {
      const missing = pathsIn(page).filter((path) => !existsSync(join(projectDir, path)));
      assert.deepEqual(missing, []);
    });
  }
});
