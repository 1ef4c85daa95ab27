import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDir } from '../../src/lib/projectDir.ts';

/** Files to run, each of which runs some of the given test files in one process. */
export interface SharedProcesses extends Disposable {
  readonly paths: readonly string[];
}

export interface Sharing {
  /** The start of the name of each file to run. */
  readonly name: string;
  readonly processes: number;
  /**
   * Whether each test file is a suite. Then its hooks run before and after its own tests only, and it cannot
   * use `await` at its top level.
   */
  readonly asSuites: boolean;
}

/**
 * Divides test files between a few processes: one process per file would load the sources some hundred times,
 * and one for all would leave cores idle. Neighbours stay together, since they load the same sources. Each
 * process has about as many bytes of tests, which take about as long.
 * @param files paths from the project's folder
 */
export function shareProcesses(
  files: readonly string[],
  { name, processes, asSuites }: Sharing,
): SharedProcesses {
  const dir = mkdtempSync(join(tmpdir(), 'billcast-tests-'));
  const paths = divide(files.toSorted(), processes).map((own, index) => {
    const path = join(dir, `${name}${index + 1}.mjs`);
    writeFileSync(path, asSuites ? suitesOf(own) : own.map(importOf).join(''));
    return path;
  });
  return { paths, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

function importOf(file: string): string {
  return `import '${pathToFileURL(join(projectDir, file))}';\n`;
}

/** By `require`, because Node finds the suite that hooks and tests belong to only while it runs. */
function suitesOf(files: readonly string[]): string {
  const suites = files.map(
    (file) => `describe('${file}', () => void require('${join(projectDir, file)}'));\n`,
  );
  return [
    `import { createRequire } from 'node:module';\n`,
    `import { describe } from 'node:test';\n`,
    `const require = createRequire(import.meta.url);\n`,
    ...suites,
  ].join('');
}

function divide(files: readonly string[], count: number): string[][] {
  const sizes = files.map((file) => statSync(join(projectDir, file)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const parts: string[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const [index, file] of files.entries()) {
    parts[Math.min(count - 1, Math.floor((before / total) * count))]?.push(file);
    before += sizes[index] ?? 0;
  }
  return parts.filter((part) => part.length > 0);
}
