import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from '../options.ts';
import type { Report, SavedReport } from './report.ts';
import { resultsDir } from './resultsDir.ts';
import { textTable } from './textTable.ts';

/** Prints a report for people, saves it if asked to, and ends with one line of JSON if asked to. */
export async function publishReport(
  report: Report,
  { json, save }: Pick<BenchOptions, 'json' | 'save'>,
): Promise<void> {
  process.stdout.write(`${report.lines.join('\n')}\n\n${textTable(report.rows)}\n`);
  if (save !== undefined) {
    const saved: SavedReport = { command: `npm run bench -- ${process.argv.slice(2).join(' ')}`, ...report };
    await mkdir(resultsDir, { recursive: true });
    await writeFile(join(resultsDir, `${save}.json`), `${JSON.stringify(saved, undefined, 2)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(report.facts)}\n`);
}
