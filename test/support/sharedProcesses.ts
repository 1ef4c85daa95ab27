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
  /** How long the tests of a file take per byte, compared with other files; default 1. */
  readonly slownessOf?: (file: string) => number;
}

/**
 * Divides test files between a few processes: one process per file would load the sources some hundred times,
 * and one for all would leave cores idle. Neighbours stay together, since they load the same sources. Each
 * process has about as many bytes of tests, of which slow ones count more, since these take about as long.
 * @param files paths from the project's folder
 */
export function shareProcesses(
  files: readonly string[],
  { name, processes, asSuites, slownessOf = () => 1 }: Sharing,
): SharedProcesses {
  const dir = mkdtempSync(join(tmpdir(), 'billcast-tests-'));
  const sized = files.toSorted().map((file) => ({
    file,
    size: statSync(join(projectDir, file)).size * slownessOf(file),
  }));
  const paths = divide(sized, processes).map((own, index) => {
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

function divide(files: readonly { readonly file: string; readonly size: number }[], count: number) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const parts: string[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const { file, size } of files) {
    parts[Math.min(count - 1, Math.floor((before / total) * count))]?.push(file);
    before += size;
  }
  return parts.filter((part) => part.length > 0);
}
