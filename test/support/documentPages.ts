import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../src/lib/projectDir.ts';

/** All documents, by their paths in the project. */
export const documentPaths: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], {
  cwd: projectDir,
}).sort();

export function readPage(path: string): string {
  return readFileSync(join(projectDir, path), 'utf8');
}

interface Fence {
  /** What stands behind the three backticks: `sh run` is a block whose commands a test runs. */
  readonly info: string;
  readonly text: string;
}

export function fencesIn(page: string): Fence[] {
  return [...page.matchAll(/^ *```([^\n`]*)\n(.*?)^ *```$/gms)].map(([, info = '', text = '']) => ({
    info: info.trim(),
    text,
  }));
}

/** The commands of a block, one per element: continued lines are joined, comments are dropped. */
export function commandsIn(text: string): string[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** What stands between backticks outside of blocks. */
export function codeSpansIn(page: string): string[] {
  const prose = page.replaceAll(/^ *```[^\n`]*\n.*?^ *```$/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
