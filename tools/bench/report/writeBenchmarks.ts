import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { benchmarksPage, byPlace } from './benchmarksPage.ts';
import { barChart } from './chart.ts';
import { parseSavedReport, type SavedReport } from './report.ts';
import { resultsDir } from './resultsDir.ts';

/** Draws a chart for each saved result and writes BENCHMARKS.md from all of them. */
export async function writeBenchmarks(): Promise<void> {
  const files = (await readdir(resultsDir)).filter((file) => file.endsWith('.json'));
  const names = files.map((file) => basename(file, '.json')).sort(byPlace);
  const results = await Promise.all(names.map(async (name) => ({ name, report: await read(name) })));
  for (const { name, report } of results) {
    await writeFile(join(resultsDir, `${name}.svg`), barChart(name, report.bars, report.unit));
  }
  await writeFile(join(projectDir, 'BENCHMARKS.md'), benchmarksPage(results));
}

async function read(name: string): Promise<SavedReport> {
  return parseSavedReport(await readFile(join(resultsDir, `${name}.json`), 'utf8'));
}
