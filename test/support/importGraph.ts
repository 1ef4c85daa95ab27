import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { projectDir } from '../../src/lib/projectDir.ts';

export interface Import {
  readonly from: string;
  /** A file of the project, or the name of a package. */
  readonly to: string;
}

/** The project's sources by path, and who imports whom, as the texts of the files say. */
export interface ImportGraph {
  readonly files: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly imports: readonly Import[];
  /**
   * The file itself, and what it imports directly or through others, as long as `enter` is true of the
   * importing file.
   */
  reachedFrom(file: string, enter?: (file: string) => boolean): ReadonlySet<string>;
}

export function readImportGraph(): ImportGraph {
  const files = globSync(['src/**/*.ts', 'tools/**/*.ts', 'test/**/*.ts'], { cwd: projectDir }).sort();
  const texts = new Map(files.map((file) => [file, readFileSync(join(projectDir, file), 'utf8')]));
  const imports = [...texts].flatMap(([from, text]) => importsOf(from, text));
  const byImporter = Map.groupBy(imports, ({ from }) => from);
  return {
    files,
    texts,
    imports,
    reachedFrom(file, enter = () => true) {
      const reached = new Set([file]);
      // A set is walked in the order of insertion, what is added meanwhile included.
      for (const next of reached) {
        if (!enter(next)) continue;
        for (const { to } of byImporter.get(next) ?? []) reached.add(to);
      }
      return reached;
    },
  };
}

function importsOf(from: string, text: string): Import[] {
  const statements = /^(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...text.matchAll(statements)].map(([, a, b, c]) => ({
    from,
    to: resolve(from, a ?? b ?? c ?? ''),
  }));
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  return specifier.startsWith('node:') || specifier.startsWith('@')
    ? specifier
    : (specifier.split('/')[0] ?? specifier);
}
