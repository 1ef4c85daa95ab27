import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { projectDir } from '../../lib/projectDir.ts';
import { stripTypes } from './stripTypes.ts';

/** A file of the page in the form in which it is served. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
  readonly gzipped: Buffer;
}

/** All files of the page, by their paths in its folder. */
export interface PageFiles {
  /** A hash over all files. It is part of each address, so a browser may keep files for ever. */
  readonly version: string;
  readonly files: ReadonlyMap<string, PageFile>;
}

/** Packages that the page imports, with the file that browsers get of each. */
export const pagePackages = {
  preact: 'packages/preact.mjs',
  'preact/hooks': 'packages/hooks.mjs',
  '@preact/signals-core': 'packages/signals-core.mjs',
  '@preact/signals': 'packages/signals.mjs',
  uplot: 'packages/uplot.mjs',
} as const;

const dashboardDir = join(projectDir, 'src', 'dashboard');

/** Reads the sources of the page and blanks their types, which takes some hundred milliseconds. */
export function readPageFiles(): PageFiles {
  const sources = globSync('**/*.ts', { cwd: dashboardDir }).sort();
  const files = new Map([
    ...sources.map((path) => scriptOf(path, stripTypes(read(join(dashboardDir, path))))),
    ...Object.entries(pagePackages).map(([name, path]) => scriptOf(path, readPackage(name))),
    fileOf('dashboard.css', 'text/css; charset=utf-8', read(join(dashboardDir, 'dashboard.css'))),
  ]);
  const hash = createHash('sha256');
  for (const [path, { text }] of files) hash.update(path).update('\0').update(text).update('\0');
  return { version: hash.digest('base64url').slice(0, 16), files };
}

function scriptOf(path: string, text: string): [string, PageFile] {
  return fileOf(path, 'text/javascript; charset=utf-8', text);
}

function fileOf(path: string, type: string, text: string): [string, PageFile] {
  return [path, { type, text, gzipped: gzipSync(text, { level: 9 }) }];
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/**
 * While it loads, uPlot reads the browser's language, and fails if it is not valid: a browser with LANG=C
 * says `C`. So uPlot gets this one. The page formats its numbers itself.
 */
const languageOfCharts = "const navigator = { language: 'en' };";

/**
 * Removes the link to the source map, which is not served. uPlot's small file is not a module, so it is made
 * one.
 */
function readPackage(name: string): string {
  const isChart = name === 'uplot';
  const file = import.meta.resolve(isChart ? 'uplot/dist/uPlot.iife.min.js' : name);
  const text = read(fileURLToPath(file)).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  return isChart ? `${languageOfCharts}\n${text}\nexport default uPlot;\n` : text;
}
