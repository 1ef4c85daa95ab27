import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDir } from '../../src/lib/projectDir.ts';

/** A process takes seconds to load the sources, so few files need no process more. */
const filesPerPart = 30;

/** Files that tests can be run by, each of which imports some of the given ones. */
export interface UnitParts extends Disposable {
  readonly paths: readonly string[];
}

/**
 * Divides files between a few processes: one process per file would load the sources some hundred times, and
 * one for all would leave cores idle. Neighbours stay together, since they load the same sources. Each part
 * has about as many bytes of tests, which take about as long.
 * @param files paths from the project's folder
 */
export function openUnitParts(files: readonly string[], mostParts: number): UnitParts {
  const dir = mkdtempSync(join(tmpdir(), 'billcast-unit-'));
  const count = Math.min(mostParts, Math.ceil(files.length / filesPerPart));
  const paths = divide(files.toSorted(), count).map((own, part) => {
    const path = join(dir, `unit${part + 1}.mjs`);
    writeFileSync(path, own.map((file) => `import '${pathToFileURL(join(projectDir, file))}';\n`).join(''));
    return path;
  });
  return { paths, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
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
