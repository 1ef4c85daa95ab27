import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDir } from '../../src/lib/projectDir.ts';

/** Files to run, each of which runs some of the given test files in one process. */
export interface SharedProcesses extends Disposable {
  readonly paths: readonly string[];
}

/**
 * Divides test files between a few processes: one process per file would load the sources some hundred times,
 * and one for all would leave cores idle. Neighbours stay together, since they load the same sources. Each
 * process has about as many bytes of tests, which take about as long. Each file is a suite of its own, so
 * that its hooks surround its own tests only.
 * @param files paths from the project's folder
 * @param name the start of the name of each file to run
 */
export function shareProcesses(files: readonly string[], name: string, count: number): SharedProcesses {
  const dir = mkdtempSync(join(tmpdir(), 'billcast-tests-'));
  const paths = divide(files.toSorted(), count).map((own, part) => {
    const path = join(dir, `${name}${part + 1}.mjs`);
    writeFileSync(path, `import { describe } from 'node:test';\n${own.map(suiteOf).join('')}`);
    return path;
  });
  return { paths, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

function suiteOf(file: string): string {
  return `describe('${file}', () => import('${pathToFileURL(join(projectDir, file))}'));\n`;
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
