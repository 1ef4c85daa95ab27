import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { barChart } from './chart.ts';
import { parseReport, type Report } from './report.ts';
import { resultsDir } from './resultsDir.ts';
import { markdownTable } from './textTable.ts';

const begin = '<!-- results: written by `npm run bench -- report` -->';
const end = '<!-- end of results -->';

/** Draws a chart for each kept result and writes all of them into BENCHMARKS.md, in the order of their names. */
export async function writeBenchmarks(): Promise<void> {
  const files = (await readdir(resultsDir)).filter((file) => file.endsWith('.json')).sort();
  const sections = await Promise.all(files.map((file) => writeSection(basename(file, '.json'))));
  const page = join(projectDir, 'BENCHMARKS.md');
  await writeFile(page, withResults(await readFile(page, 'utf8'), sections.join('\n\n')));
}

async function writeSection(name: string): Promise<string> {
  const report = parseReport(await readFile(join(resultsDir, `${name}.json`), 'utf8'));
  await writeFile(join(resultsDir, `${name}.svg`), barChart(name, report.bars, report.unit));
  return section(name, report);
}

/** Pure: one result as Markdown. */
function section(name: string, { lines, rows }: Report): string {
  return [
    `### ${name}`,
    lines.join('\n\n'),
    `![${name}](tools/bench/results/${name}.svg)`,
    markdownTable(rows),
  ].join('\n\n');
}

/** Pure: the page with these results between its two marks. */
function withResults(page: string, results: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to === -1) {
    throw new Error(`BENCHMARKS.md has no place for results: ${begin} ... ${end}`);
  }
  return `${page.slice(0, from)}${begin}\n\n${results}\n\n${page.slice(to)}`;
}
